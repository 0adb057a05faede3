// SPDX-License-Identifier: Apache-2.0

import Addresses
import Glibc
import LinuxSystem
import Synchronization
import ThrowawayPlaces

@testable import HostAgent

/// A server in one new namespace and the end of its cable in another, from which raw frames are sent: what the last
/// switch would be. The server's interface is `eth0` as in any lab.
struct HostLab {
    let server: NetworkNamespace
    let cable: NetworkNamespace

    static let clientAddress = "10.0.1.1"
    static let serverAddress = "10.0.2.2"
    static let serverPort: UInt16 = 1234

    static func with(mtu: Int = 1500, _ body: (HostLab) throws -> Void) throws {
        try withNamespaces(2) { namespaces in
            let lab = HostLab(server: namespaces[0], cable: namespaces[1])
            try lab.connect(mtu: mtu)
            try body(lab)
        }
    }

    /// The addresses are those of `RequestFrame`.
    func connect(mtu: Int = 1500) throws {
        let client = MACAddress("02:00:00:00:00:01")
        try ThrowawayPlaces.connect(
            VethEnd("eth0", in: server, address: MACAddress("02:00:00:00:00:02"), mtu: mtu),
            VethEnd("wire", in: cable, address: client, mtu: mtu))
        var route = try RouteSession(in: server)
        guard let prefix = IPPrefix("\(Self.serverAddress)/8"), let address = IPAddress(Self.clientAddress),
            let client
        else { return }
        try route.addAddress(prefix, to: "eth0")
        try route.setNeighbour(address, at: client, through: "eth0")
    }

    @discardableResult
    func host<Result>(_ body: (TelemetryHost) throws -> Result) throws -> Result {
        try server.perform { try body(TelemetryHost(interface: "eth0")) }
    }

    /// The pins of the server's interface, nil if nothing is pinned.
    func pins() throws -> [String]? {
        guard let pins = try attachmentPins(), pins.exists else { return nil }
        return FileSystem.names(in: pins.path) + pins.generations.flatMap { FileSystem.names(in: $0.path) }
    }

    func attachmentPins() throws -> AttachmentPins? {
        let place = try server.perform { InterfacePlace(named: "eth0") }
        return place.map { AttachmentPins(path: "\(PinStore.path)/\($0.namespace)-\($0.index)") }
    }
}

/// Echoes UDP with several threads on one socket until it is stopped. It knows nothing of telemetry.
final class EchoServer: Sendable {
    private let socket: DatagramSocket
    private let stopping = Atomic(false)

    init(in namespace: NetworkNamespace) throws {
        socket = try namespace.perform {
            let socket = try DatagramSocket()
            try Self.bind(socket)
            try socket.setReceiveTimeout(microseconds: 50_000)
            return socket
        }
    }

    /// A process that another test forks holds our descriptors until it executes its program: the socket of a server
    /// that has just ended may live on for that moment, and its port with it.
    private static func bind(_ socket: borrowing DatagramSocket) throws {
        var attempts = 0
        while try !isBound(socket) {
            attempts += 1
            if attempts == 200 { throw SystemError(call: "bind", errno: .addressInUse, object: "echo server") }
            usleep(10_000)
        }
    }

    private static func isBound(_ socket: borrowing DatagramSocket) throws(SystemError) -> Bool {
        do throws(SystemError) {
            try socket.bind(to: Endpoint(.any, port: Port(HostLab.serverPort)))
        } catch {
            if error.errno == .addressInUse { return false }
            throw error
        }
        return true
    }

    /// Runs `body` while the threads serve.
    static func with(_ lab: HostLab, threads: Int = 2, _ body: () throws -> Void) throws {
        let server = try EchoServer(in: lab.server)
        let workers = try (0..<threads).map { _ in try BackgroundThread { try server.serve() } }
        let outcome = Result { try body() }
        server.stopping.store(true, ordering: .relaxed)
        for worker in workers { try worker.join() }
        try outcome.get()
    }

    private func serve() throws {
        var buffer = [UInt8](repeating: 0, count: 2048)
        while !stopping.load(ordering: .relaxed) {
            var span = buffer.mutableSpan
            guard let datagram = try socket.receive(into: &span) else { continue }
            try socket.send(buffer.span.extracting(first: datagram.count), to: datagram.sender)
        }
    }
}

/// Sends raw frames to the server and hears what comes back.
struct Cable: ~Copyable {
    private var ring: PacketRing

    init(_ lab: HostLab, filter: FrameFilter? = nil) throws {
        var options = PacketRingOptions()
        options.filter = filter
        // Tests look at what the host sent.
        options.completesOffloads = false
        ring = try lab.cable.perform { try PacketRing(interface: "wire", options: options) }
    }

    /// What the ring has sent and heard, and what it had no room for.
    mutating func statistics() -> PacketRing.Statistics { ring.statistics() }

    mutating func send(_ frame: [UInt8]) {
        while !ring.stage(frame.span) { _ = ring.flush() }
        _ = ring.flush()
    }

    /// Waits up to `milliseconds` for frames and hands over all that are there.
    @discardableResult
    mutating func receive(milliseconds: Int32, _ body: (Span<UInt8>) -> Void) -> Int {
        var waiting = pollfd(fd: ring.number, events: Int16(POLLIN), revents: 0)
        unsafe poll(&waiting, 1, milliseconds)
        return ring.receive(limit: 64) { bytes, _ in body(bytes) }
    }

    /// The server's next UDP frame, nil after two seconds.
    mutating func nextReply() -> [UInt8]? {
        for _ in 0..<40 {
            var reply: [UInt8]?
            receive(milliseconds: 50) { bytes in
                // From the server, and not ARP or similar.
                if bytes.count > 42, bytes[6 + 5] == 2, reply == nil { reply = bytes.bytes }
            }
            if let reply { return reply }
        }
        return nil
    }
}

extension Span<UInt8> {
    /// A copy.
    var bytes: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }
}
