// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import LinuxSystem

extension LabNetwork {
    /// Runs `body` in a lab that is up: as it is if it is up already, else from before until after it.
    public func whileUp(
        _ topology: Topology, _ options: LabOptions, report: (String) -> Void, body: () throws -> Void
    ) throws {
        let isMine = try status().nodes.isEmpty
        defer { if isMine { _ = try? down() } }
        if isMine { try up(topology, options, report: report) }
        try body()
    }

    /// Brings a topology up: namespaces, links, hosts, then switches until each says that it is ready.
    ///
    /// What is left of an earlier lab of the same name is taken down first, unless it is in use: see `refuseIfInUse`.
    /// On any failure everything is taken down again, and the error names the node and the step that failed.
    /// - Parameter report: gets a line for each step.
    @discardableResult
    public func up(_ topology: Topology, _ options: LabOptions, report: (String) -> Void = { _ in }) throws -> LabState
    {
        try prepareDirectory()
        return try exclusively {
            try refuseIfInUse(by: options.owner)
            try refuseIfOfAnotherTopology()
            let leftovers = try takeDown()
            if leftovers > 0 { report("took down what was left of lab '\(name)'") }
            do {
                return try build(topology, options, report)
            } catch {
                _ = try? takeDown(keepingLogs: true)
                throw error
            }
        }
    }

    private func build(_ topology: Topology, _ options: LabOptions, _ report: (String) -> Void) throws -> LabState {
        func checkpoint() throws {
            if options.isCancelled() { throw LabError(of: "lab '\(name)'", "was stopped while it was brought up") }
        }
        var state = try LabState(topology, in: self)
        state.owner = options.owner
        try state.write(of: self)
        for node in topology.nodeNames {
            try checkpoint()
            try createNode(node, hasIPv6: topology.hosts.contains { $0.name == node && $0.address6 != nil })
        }
        var session = try RouteSession()
        for link in topology.links {
            try checkpoint()
            try createLink(link, topology, mtu: options.interfaceMTU, &session)
        }
        for host in topology.hosts {
            try checkpoint()
            try configure(host)
            if options.headRoom > 0 { try limitRoutes(of: host, to: options.mtu ?? LabOptions.usualMTU) }
        }
        report("\(topology.hosts.count) hosts, \(topology.switches.count) switches, \(topology.links.count) links")
        guard options.startsSwitches else { return state }
        let children = try startSwitches(topology, options, &state)
        try state.write(of: self)
        report("starting \(children.count) switches")
        try waitUntilReady(children, options, report)
        return state
    }

    /// A switch has no addresses at all: whatever its kernel sent of itself would be in the way of the program's
    /// frames.
    private func createNode(_ node: String, hasIPv6: Bool) throws {
        let namespace = try namespace(of: node)
        try namespace.create()
        try namespace.perform {
            if hasIPv6 {
                try NetworkNamespace.quietIPv6OfCurrentThread()
            } else {
                try NetworkNamespace.disableIPv6OfCurrentThread()
            }
        }
        var session = try RouteSession(in: namespace)
        try session.setUp("lo")
    }

    private func createLink(_ link: Topology.Link, _ topology: Topology, mtu: Int?, _ session: inout RouteSession)
        throws
    {
        func end(_ endpoint: Topology.LinkEnd) throws -> VethEnd {
            let mac = topology.hosts.first { .host($0.name) == endpoint }?.mac
            return VethEnd(endpoint.interface, in: try namespace(of: endpoint.node), address: mac, mtu: mtu)
        }
        try session.createVethPair(try end(link.first), try end(link.second))
        for endpoint in [link.first, link.second] {
            let namespace = try namespace(of: endpoint.node)
            // With offloads, checksums would be left for hardware that is not there and the switches would see
            // frames joined to more than any link carries.
            try namespace.perform { try InterfaceControl().disableOffloads(of: endpoint.interface) }
            var inside = try RouteSession(in: namespace)
            try inside.setSegmentLimit(1, of: endpoint.interface)
            try inside.setUp(endpoint.interface)
        }
    }

    private func configure(_ host: Topology.Host) throws {
        let namespace = try namespace(of: host.name)
        var session = try RouteSession(in: namespace)
        try session.addAddress(host.address, to: Topology.Host.interface)
        if let address = host.address6 { try session.addAddress(address, to: Topology.Host.interface) }
        for command in host.commands {
            var request = SpawnRequest(["sh", "-c", command], in: namespace)
            let log = logFile(of: host.name)
            // A file, because a command may leave a server running that continues to write.
            request.output = .file(log)
            request.errors = .file(log)
            request.group = .ownSession
            let outcome = try ChildProcess.spawn(request).wait() ?? .exited(-1)
            guard outcome.isSuccess else {
                let text = Self.lines(of: log).suffix(10).joined(separator: "\n  ")
                let said = text.isEmpty ? "" : ": \(text)"
                throw LabError("host \(host.name)", "command '\(command)' failed with \(outcome)\(said)")
            }
        }
    }

    /// Has the host send packets of at most `mtu` bytes by all its routes, whatever its interface carries.
    private func limitRoutes(of host: Topology.Host, to mtu: Int) throws {
        let interface = Topology.Host.interface
        let script = """
            for family in -4 -6; do
                ip $family route show dev \(interface) | while read -r route; do
                    ip $family route change $route dev \(interface) mtu \(mtu) || exit 1
                done || exit 1
            done
            """
        var request = SpawnRequest(["sh", "-c", script], in: try namespace(of: host.name))
        let log = logFile(of: host.name)
        request.output = .file(log)
        request.errors = .file(log)
        let outcome = try ChildProcess.spawn(request).wait() ?? .exited(-1)
        guard outcome.isSuccess else {
            let text = Self.lines(of: log).suffix(10).joined(separator: "\n  ")
            throw LabError("host \(host.name)", "the MTU of its routes cannot be set to \(mtu): \(text)")
        }
    }

    private func prepareDirectory() throws {
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw LabError(of: directory, "cannot be created: \(error)")
        }
    }
}
