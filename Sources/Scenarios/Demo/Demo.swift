// SPDX-License-Identifier: Apache-2.0

public import InstalledFiles
internal import Addresses
internal import BPF
internal import Collector
internal import HostAgent
internal import Journeys
internal import Lab
internal import LinuxSystem
internal import TelemetryFormats
internal import Workload

/// One run of everything: lab, eBPF programs, server, collector and client, and what they found.
public struct Demo {
    private static let connections = 4

    private let settings: DemoSettings
    private let stage: Stage
    private let report: (DemoEvent) -> Void

    /// - Parameters:
    ///   - interruption: a descriptor that becomes readable when the run is to end early.
    ///   - report: gets what happens, on the thread that runs the demo.
    /// - Throws: what makes the topology unfit for a demo.
    public init(
        _ settings: DemoSettings, _ installation: Installation, interruption: Int32,
        report: @escaping (DemoEvent) -> Void = { _ in }
    ) throws {
        self.settings = settings
        stage = try Stage(settings.topology, installation, interruption: interruption)
        self.report = report
    }

    /// Runs it and takes everything down again, whatever happens.
    public func run() throws -> DemoReport {
        let state = try stage.lab.up(stage.topology, labOptions()) { report(.lab($0)) }
        defer { _ = try? stage.lab.down() }
        return try withPrograms {
            let application = try stage.startServer()
            defer { _ = try? application.end() }
            return try measure(state)
        }
    }

    /// Attaches the eBPF programs for as long as `body` runs.
    private func withPrograms(_ body: () throws -> DemoReport) throws -> DemoReport {
        let host = TelemetryHost(interface: Topology.Host.interface)
        let server = try stage.lab.namespace(of: Stage.serverHost)
        if settings.hasTelemetry {
            let attached = try server.perform {
                let attached = try host.attach(hostOptions())
                // A switch without a packet generator does not ask.
                _ = try host.waitUntilProbed()
                return attached
            }
            report(
                .serverAttached(
                    host: Stage.serverHost, xdpMode: attached.xdpMode.rawValue, egressHook: attached.egressHook))
        }
        defer { if settings.hasTelemetry { _ = try? server.perform { try host.detach(waits: false) } } }
        let client = try stage.lab.namespace(of: Stage.clientHost)
        if settings.clientRole {
            try client.perform {
                _ = try host.attach(try clientOptions())
                try sendFirstRequest()
                _ = try host.waitUntilNeighbourAnswers()
            }
            report(.clientAttached(host: Stage.clientHost))
        }
        defer { if settings.clientRole { _ = try? client.perform { try host.detach(waits: false) } } }
        return try body()
    }

    /// Sends the requests, captures what they report, and counts what was lost.
    private func measure(_ state: LabState) throws -> DemoReport {
        let pipeline = SharedPipeline(JourneyPipeline(joinsRequestIDs: true))
        let capture = try CaptureThread(
            on: Topology.Host.interface, in: try stage.lab.namespace(of: Stage.collectorHost), feeding: pipeline)
        let replies = try runClient(feeding: pipeline)
        let lostFrames = try capture.end()
        let view = pipeline.finish(lostFrames: lostFrames)
        var drops = DropTally()
        let probes = try drops.addSwitches(of: state)
        drops.add(replies)
        try addHostLosses(to: &drops, probes: probes)
        drops.add(view.counts, lostFrames: lostFrames)
        return DemoReport(
            topology: stage.topology.name, settings: settings, client: replies, view: view, dropped: drops.byReason)
    }

    private func addHostLosses(to drops: inout DropTally, probes: UInt64) throws {
        let server = try stage.lab.namespace(of: Stage.serverHost)
        drops.add(try LossCounters(of: try stage.lab.namespace(of: Stage.clientHost)), of: "client", probes: probes)
        drops.add(try LossCounters(of: server), of: "server", probes: probes)
        guard settings.hasTelemetry else { return }
        drops.add(try server.perform { try TelemetryHost(interface: Topology.Host.interface).status() }.counts)
    }

    private func labOptions() -> LabOptions {
        var options = stage.labOptions()
        options.mtu = settings.mtu
        options.definitions = ["COLLECT_SIZE=\(settings.level.rawValue)", "FREQ=\(settings.freq)"]
        if !settings.hasTelemetry || settings.clientRole {
            options.commands[Stage.clientSwitch] = ["table_clear watchlist", "table_clear watchlist6"]
        }
        return options
    }

    private func hostOptions() -> AttachOptions {
        var options = AttachOptions()
        if settings.level.isChained { options.referenceLevel = settings.level }
        return options
    }

    /// Every request to the server carries telemetry; the INT sink is a switch, as without the role.
    private func clientOptions() throws -> AttachOptions {
        var options = AttachOptions()
        options.role = .client
        options.client.level = settings.level.rawValue
        options.client.sink = .switch
        let server = try stage.address(of: Stage.serverHost, overIPv6: settings.overIPv6)
        guard let peer = Peer("\(server)") else {
            throw ScenarioError("the server's address must be usable as a peer, got \(server)")
        }
        options.client.peers = [peer]
        return options
    }

    /// One request without telemetry, at which the client's programs ask whether the first switch takes it.
    private func sendFirstRequest() throws {
        let server = try stage.address(of: Stage.serverHost, overIPv6: settings.overIPv6)
        let socket = try DatagramSocket(overIPv6: server.isIPv6)
        try socket.send([UInt8](repeating: 0, count: 8).span, to: Endpoint(server, port: Stage.serverPort))
    }

    private func runClient(feeding pipeline: SharedPipeline) throws -> ClientReport {
        let destination = Endpoint(
            try stage.address(of: Stage.serverHost, overIPv6: settings.overIPv6), port: Stage.serverPort)
        var configuration = ClientConfiguration(
            destination: destination, rate: settings.rate, duration: settings.duration)
        configuration.transport = settings.transport
        configuration.connections = Self.connections
        var client = try stage.lab.namespace(of: Stage.clientHost).perform { try Client(configuration) }
        report(.sending(from: Stage.clientHost, to: destination))
        defer { report(.sent) }
        return try client.run(stop: stage.interruption) {
            pipeline.ingest($0)
        } onProgress: {
            report(.progress($0, completeJourneys: pipeline.counts.complete))
        }
    }
}

extension SharedPipeline {
    /// Feeds a client's times of one request; those of an unanswered one say nothing about its journey.
    func ingest(_ outcome: RequestOutcome) {
        guard let roundTrip = outcome.roundTrip else { return }
        ingest(ClientTimes(sent: outcome.sentAt, received: outcome.sentAt + roundTrip), of: .id(outcome.id))
    }
}
