// SPDX-License-Identifier: Apache-2.0

import Collector
import HostAgent
import Lab
import LinuxSystem
import Telemetry
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

    /// Who does what in the lab: hosts that every topology for the demo must have.
    private static let clientHost = "h1"
    private static let serverHost = "h2"
    private static let collectorHost = "h4"
    /// The switch that decides which requests are followed.
    private static let clientSwitch = "s1"
    private static let serverPort: UInt16 = 1234

    private let settings: Settings
    private let installation: Installation
    private let topology: Topology
    private let lab: Lab
    /// Readable once the user wants the end.
    private let interruption: Int32
    /// Nothing is said of what is going on.
    private let isQuiet: Bool

    init(_ settings: Settings, _ installation: Installation, interruption: Int32, isQuiet: Bool = false) throws {
        let topology = try Topology(contentsOf: try installation.topology(settings.topology))
        for host in [Self.clientHost, Self.serverHost, Self.collectorHost] {
            guard topology.hosts.contains(where: { $0.name == host }) else {
                throw CommandError(
                    "the demo needs hosts h1 (client), h2 (server) and h4 (collector); \(topology.file) has no \(host)")
            }
        }
        self.settings = settings
        self.installation = installation
        self.topology = topology
        self.interruption = interruption
        self.isQuiet = isQuiet
        lab = Lab(topology)
    }

    func run() throws -> DemoReport {
        let state = try lab.up(topology, labOptions(), report: say)
        defer { _ = try? lab.down() }
        let server = try lab.namespace(of: Self.serverHost)
        let host = TelemetryHost(interface: Topology.Host.interface)
        if settings.hasTelemetry {
            let attached = try server.perform { try host.attach(hostOptions()) }
            say("eBPF programs on \(Self.serverHost): XDP \(attached.xdpMode), TC \(attached.egressHook)")
        }
        defer { if settings.hasTelemetry { _ = try? server.perform { try host.detach() } } }
        let client = try lab.namespace(of: Self.clientHost)
        if settings.clientRole {
            try client.perform { _ = try host.attach(try clientOptions()) }
            say("eBPF programs on \(Self.clientHost): its host begins the telemetry")
        }
        defer { if settings.clientRole { _ = try? client.perform { try host.detach() } } }
        let application = try startServer(in: server)
        defer { _ = try? application.end() }
        let join = JourneyJoin()
        let capture = try CaptureThread(
            on: Topology.Host.interface, in: try lab.namespace(of: Self.collectorHost), for: join)
        let replies = try runClient(telling: join)
        let lost = try capture.end()
        var drops = DropTally()
        try drops.addSwitches(of: state)
        if settings.hasTelemetry { drops.add(try server.perform { try host.status() }.counts) }
        drops.add(join.counts, lostFrames: lost)
        return DemoReport(
            topology: topology.name, settings: settings, client: replies, journeys: join.finish(),
            dropped: drops.byReason)
    }

    private func labOptions() -> LabOptions {
        var options = LabOptions(executable: [installation.executable], program: installation.program)
        options.mtu = settings.mtu
        options.definitions = ["COLLECT_SIZE=\(settings.level.rawValue)", "FREQ=\(settings.freq)"]
        if !settings.hasTelemetry || settings.clientRole {
            options.commands[Self.clientSwitch] = ["table_clear watchlist", "table_clear watchlist6"]
        }
        options.switchArguments = ["--json"]
        let signals = interruption
        options.owner = .current
        options.isCancelled = { Readiness.isReadable(signals) }
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
        let server = try address(of: Self.serverHost)
        guard let peer = Peer("\(server)") else { throw CommandError("\(server) is no address of a peer") }
        options.client.peers = [peer]
        return options
    }

    private func startServer(in namespace: NetworkNamespace) throws -> ChildProcess {
        var request = SpawnRequest(
            [installation.executable, "server", "--port", "\(Self.serverPort)"], in: namespace)
        let pipe = try Descriptor.pipe()
        request.output = .discard
        request.errors = .descriptor(pipe.writing.number)
        request.deathSignal = .terminate
        let child = try ChildProcess.spawn(request)
        // Its first words say that it listens.
        guard try pipe.reading.waitUntilReadable(milliseconds: 10_000) else {
            throw CommandError("the server on \(Self.serverHost) did not start")
        }
        return child
    }

    private func runClient(telling join: JourneyJoin) throws -> ClientReport {
        let destination = SocketEndpoint(try address(of: Self.serverHost), port: Self.serverPort)
        var configuration = ClientConfiguration(
            destination: destination, rate: settings.rate, duration: settings.duration)
        configuration.transport = settings.transport
        configuration.connections = Self.connections
        var client = try lab.namespace(of: Self.clientHost).perform { try Client(configuration) }
        var progress = ProgressLine()
        say(
            "\(plain(settings.rate)) requests a second over \(settings.transport == .tcp ? "TCP" : "UDP") from \(Self.clientHost) to "
                + "\(destination) for \(plain(settings.duration)) s")
        let report = try client.run(stop: interruption) {
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

    private func address(of host: String) throws -> NetworkAddress {
        guard let found = topology.hosts.first(where: { $0.name == host }) else {
            throw CommandError("no host \(host)")
        }
        guard settings.overIPv6 else { return .v4(found.address.address) }
        guard let address = found.address6.flatMap({ InternetAddress6(octets: $0.octets) }) else {
            throw CommandError("\(host) has no IPv6 address in \(topology.file): give it an 'ip6'")
        }
        return .v6(address)
    }
}
