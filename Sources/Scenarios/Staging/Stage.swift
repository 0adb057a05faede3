// SPDX-License-Identifier: Apache-2.0

internal import InstalledFiles
internal import Addresses
internal import Lab
internal import LinuxSystem

/// A lab for requests: which host has which role, and what every run needs.
struct Stage {
    /// Hosts that every topology for a demo or an experiment must have.
    static let clientHost = "h1"
    static let serverHost = "h2"
    static let collectorHost = "h4"
    /// The switch that decides which requests are traced.
    static let clientSwitch = "s1"
    static let serverPort: Port = 1234

    let topology: Topology
    let lab: LabNetwork
    /// A descriptor that becomes readable when the run is to end early.
    let interruption: Int32
    private let installation: Installation

    /// - Parameter nameOrFile: a topology that ships, or a file.
    init(_ nameOrFile: String, _ installation: Installation, interruption: Int32) throws {
        let topology = try Topology(contentsOf: try installation.topology(nameOrFile))
        for host in [Self.clientHost, Self.serverHost, Self.collectorHost] {
            guard topology.hosts.contains(where: { $0.name == host }) else {
                throw ScenarioError(
                    "the topology must have hosts h1 (client), h2 (server) and h4 (collector): \(topology.file) has no \(host)"
                )
            }
        }
        self.topology = topology
        self.installation = installation
        self.interruption = interruption
        lab = LabNetwork(topology)
    }

    /// A lab that belongs to this process and whose switches write their statistics as JSON.
    func labOptions() -> LabOptions {
        var options = LabOptions(executable: [installation.executable], program: installation.program)
        options.switchArguments = ["--json"]
        options.headRoom = LabOptions.fullHeadRoom
        let signals = interruption
        options.owner = .current
        options.isCancelled = { Readiness.isReadable(signals) }
        return options
    }

    /// Returns when the server listens.
    func startServer() throws -> ChildProcess {
        var request = SpawnRequest(
            [installation.executable, "server", "--port", "\(Self.serverPort)"],
            in: try lab.namespace(of: Self.serverHost))
        let pipe = try Descriptor.pipe()
        request.output = .discard
        request.errors = .descriptor(pipe.writing.number)
        request.deathSignal = .terminate
        let child = try ChildProcess.spawn(request)
        // Its first words say that it listens.
        guard try pipe.reading.waitUntilReadable(milliseconds: 10_000) else {
            throw ScenarioError("the server on \(Self.serverHost) did not start")
        }
        return child
    }

    func address(of host: String, overIPv6: Bool = false) throws -> IPAddress {
        guard let found = topology.hosts.first(where: { $0.name == host }) else {
            throw ScenarioError("the topology must have host \(host): \(topology.file) has no such host")
        }
        guard overIPv6 else { return found.address.address }
        guard let address = found.address6 else {
            throw ScenarioError("\(host) has no IPv6 address in \(topology.file): give it an 'ip6'")
        }
        return address.address
    }
}
