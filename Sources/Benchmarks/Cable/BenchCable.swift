// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import HostAgent
internal import LinuxSystem

/// A server and a client, each in a network namespace of its own, with a cable (a veth pair) between them.
///
/// They go when `with` is left, and those of a run that was killed when the next one begins.
struct BenchCable: Sendable {
    let client: NetworkNamespace
    let server: NetworkNamespace

    static let interface = "eth0"
    static let port: UInt16 = 1234
    static let clientAddress = IPv4Address(rawValue: 0x0a4d_0001)
    static let serverAddress = IPv4Address(rawValue: 0x0a4d_0002)
    static let clientLink: [UInt8] = [2, 0, 0, 0, 0, 1]
    static let serverLink: [UInt8] = [2, 0, 0, 0, 0, 2]
    /// Room for 18 records of the largest level and a host record around a packet of a few hundred bytes.
    static let mtu = 2500

    static var endpoint: Endpoint { Endpoint(serverAddress, port: Port(port)) }

    private static let prefix = "p4ni-bench"

    static func with<Result>(_ body: (BenchCable) throws -> Result) throws -> Result {
        removeLeftovers()
        guard let process = ProcessIdentity.current else {
            throw BenchmarkError(.notMeasured, "this process has no entry in /proc: is it mounted?")
        }
        let name = "\(prefix)-\(process.id)-\(UInt32.random(in: 0...UInt32.max))"
        let cable = BenchCable(
            client: try NetworkNamespace(named: "\(name)-client"), server: try NetworkNamespace(named: "\(name)-server")
        )
        defer {
            for namespace in [cable.client, cable.server] { try? namespace.delete() }
            _ = try? TelemetryHost.removeLeftovers()
        }
        try cable.make()
        return try body(cable)
    }

    private func make() throws {
        for namespace in [client, server] {
            try namespace.create()
            try namespace.perform { try NetworkNamespace.disableIPv6OfCurrentThread() }
        }
        var session = try RouteSession()
        try session.createVethPair(
            VethEnd(Self.interface, in: client, address: MACAddress(octets: Self.clientLink), mtu: Self.mtu),
            VethEnd(Self.interface, in: server, address: MACAddress(octets: Self.serverLink), mtu: Self.mtu))
        try configure(client, Self.clientAddress, peer: Self.serverAddress, Self.serverLink)
        try configure(server, Self.serverAddress, peer: Self.clientAddress, Self.clientLink)
    }

    /// Without offloads, so that each request is one packet.
    private func configure(
        _ namespace: NetworkNamespace, _ address: IPv4Address, peer: IPv4Address, _ link: [UInt8]
    ) throws {
        try namespace.perform { try InterfaceControl().disableOffloads(of: Self.interface) }
        var session = try RouteSession(in: namespace)
        try session.setSegmentLimit(1, of: Self.interface)
        try session.setUp(Self.interface)
        if let prefix = IPPrefix(.v4(address), length: 24) { try session.addAddress(prefix, to: Self.interface) }
        if let link = MACAddress(octets: link) {
            try session.setNeighbour(.v4(peer), at: link, through: Self.interface)
        }
    }

    /// Namespaces of benchmarks whose process has ended.
    private static func removeLeftovers() {
        let alive = Set(ProcessIdentity.all().map(\.id))
        for namespace in NetworkNamespace.all() where namespace.name.hasPrefix(prefix + "-") {
            let parts = namespace.name.dropFirst(prefix.count + 1).split(separator: "-")
            if let id = parts.first.flatMap({ Int32($0) }), !alive.contains(id) { try? namespace.delete() }
        }
    }

    /// What a request with telemetry has in place of its Ethernet header.
    static func front(level: UInt8, recordSize: Int, records: Int) -> [UInt8] {
        var bytes: [UInt8] = serverLink + clientLink + [0x12, 0x12, level, 0, 0, UInt8(records)]
        for record in 1...records {
            bytes += [UInt8](repeating: UInt8(record), count: recordSize - 2)
            bytes += record == records ? [0x08, 0x00] : [0x12, 0x13]
        }
        return bytes
    }
}
