// SPDX-License-Identifier: Apache-2.0

import Collector
import HostAgent
import Lab
import LinuxSystem
import TelemetryFormats
import TerminalKit
import Workload

/// One run of everything: lab, eBPF programs, server, collector and client, and what they found.
struct Demo {
    struct Settings {
        /// A topology file, or the name of one that ships.
        var topology: String
        var level: Level
        /// Requests a second, and for how many seconds.
        var rate: Double
        var duration: Double
        /// The sampling period in microseconds; 0: every request.
        var freq: Int
        /// Of every link, without the Ethernet header; nil: 1500.
        var mtu: Int?
        /// false: the switches only forward, and no programs are attached to the server.
        var hasTelemetry = true
        /// What requests travel by; over TCP they take turns on some connections.
        var transport = TransportProtocol.udp
        var overIPv6 = false
        /// The client's host begins the telemetry, not the switch next to it.
        var clientRole = false
    }

    private static let connections = 4

    private let settings: Settings
    private let stage: Stage
    /// Nothing is said of what is going on.
    private let isQuiet: Bool

    init(_ settings: Settings, _ installation: Installation, interruption: Int32, isQuiet: Bool = false) throws {
        self.settings = settings
        stage = try Stage(settings.topology, installation, interruption: interruption)
        self.isQuiet = isQuiet
    }

    func run() throws -> DemoReport {
        let state = try stage.lab.up(stage.topology, labOptions(), report: say)
        defer { _ = try? stage.lab.down() }
        let server = try stage.lab.namespace(of: Stage.serverHost)
        let host = TelemetryHost(interface: Topology.Host.interface)
        if settings.hasTelemetry {
            let attached = try server.perform { try host.attach(hostOptions()) }
            say("eBPF programs on \(Stage.serverHost): XDP \(attached.xdpMode), TC \(attached.egressHook)")
        }
        defer { if settings.hasTelemetry { _ = try? server.perform { try host.detach() } } }
        let client = try stage.lab.namespace(of: Stage.clientHost)
        if settings.clientRole {
            try client.perform { _ = try host.attach(try clientOptions()) }
            say("eBPF programs on \(Stage.clientHost): its host begins the telemetry")
        }
        defer { if settings.clientRole { _ = try? client.perform { try host.detach() } } }
        let application = try stage.startServer()
        defer { _ = try? application.end() }
        let join = JourneyJoin()
        let capture = try CaptureThread(
            on: Topology.Host.interface, in: try stage.lab.namespace(of: Stage.collectorHost)
        ) { join.take($0, seenAt: $1) }
        let replies = try runClient(telling: join)
        let lost = try capture.end()
        var drops = DropTally()
        try drops.addSwitches(of: state)
        drops.add(replies)
        drops.add(try LossCounters(of: client), of: "client")
        drops.add(try LossCounters(of: server), of: "server")
        if settings.hasTelemetry { drops.add(try server.perform { try host.status() }.counts) }
        drops.add(join.counts, lostFrames: lost)
        return DemoReport(
            topology: stage.topology.name, settings: settings, client: replies, journeys: join.finish(),
            dropped: drops.byReason)
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

    /// Every request to the server is stamped; the sink is a switch, as without the role.
    private func clientOptions() throws -> AttachOptions {
        var options = AttachOptions()
        options.role = .client
        options.client.level = settings.level.rawValue
        options.client.sink = .switch
        let server = try stage.address(of: Stage.serverHost, overIPv6: settings.overIPv6)
        guard let peer = Peer("\(server)") else { throw CommandError("\(server) is no address of a peer") }
        options.client.peers = [peer]
        return options
    }

    private func runClient(telling join: JourneyJoin) throws -> ClientReport {
        let destination = SocketEndpoint(
            try stage.address(of: Stage.serverHost, overIPv6: settings.overIPv6), port: Stage.serverPort)
        var configuration = ClientConfiguration(
            destination: destination, rate: settings.rate, duration: settings.duration)
        configuration.transport = settings.transport
        configuration.connections = Self.connections
        var client = try stage.lab.namespace(of: Stage.clientHost).perform { try Client(configuration) }
        var progress = ProgressLine()
        say(
            "\(plain(settings.rate)) requests a second over \(settings.transport == .tcp ? "TCP" : "UDP") from \(Stage.clientHost) to "
                + "\(destination) for \(plain(settings.duration)) s")
        let report = try client.run(stop: stage.interruption) {
            join.take($0)
        } onProgress: { report in
            let counts = join.counts
            guard !isQuiet else { return }
            progress.show(
                "\(report.sent) requests, \(report.replied) replies, \(report.lost) lost, \(counts.complete) complete journeys"
            )
        }
        progress.finish()
        return report
    }

    private func say(_ line: String) {
        if !isQuiet { Terminal.say(line) }
    }

    /// Without the `.0` of a whole number.
    private func plain(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? "\(number)" }
}
