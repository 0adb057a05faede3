// SPDX-License-Identifier: Apache-2.0

import Addresses
import Glibc
import LinuxSystem
import Testing
import ThrowawayPlaces

@testable import HostAgent

/// A server, a client that knows nothing of telemetry, and a third party that pretends to be it, on one link.
struct SpoofLab {
    /// The server, and as its cable's end the third party's interface.
    let host: HostLab
    let victim: NetworkNamespace
    /// Between the three.
    let bridge: NetworkNamespace

    static let victimPort: UInt16 = 40000
    static let serverLink: [UInt8] = [2, 0, 0, 0, 0, 2]
    static let otherLink: [UInt8] = [2, 0, 0, 0, 0, 9]
    static let attackerLink: [UInt8] = [2, 0, 0, 0, 0, 3]

    static func with(_ options: AttachOptions = AttachOptions(), _ body: (SpoofLab) throws -> Void) throws {
        try withNamespaces(4) { namespaces in
            let lab = SpoofLab(
                host: HostLab(server: namespaces[0], cable: namespaces[1]), victim: namespaces[2],
                bridge: namespaces[3])
            try runTool("ip link add br0 type bridge", in: lab.bridge)
            try runTool("ip link set br0 up", in: lab.bridge)
            try lab.connect(lab.host.server, "eth0", last: 2)
            try lab.connect(lab.victim, "eth0", last: 1)
            try lab.connect(lab.host.cable, "wire", last: 3)
            try lab.address(lab.host.server, HostLab.serverAddress, peer: HostLab.clientAddress, last: 1)
            try lab.address(lab.victim, HostLab.clientAddress, peer: HostLab.serverAddress, last: 2)
            _ = try lab.host.host { try $0.attach(options) }
            try body(lab)
            try lab.host.host { try $0.detach() }
        }
    }

    private func connect(_ end: NetworkNamespace, _ name: String, last: Int) throws {
        try ThrowawayPlaces.connect(
            VethEnd(name, in: end, address: MACAddress("02:00:00:00:00:0\(last)"), mtu: 1500),
            VethEnd("port\(last)", in: bridge, address: MACAddress("02:00:00:00:01:0\(last)"), mtu: 1500))
        try runTool("ip link set port\(last) master br0", in: bridge)
    }

    private func address(_ end: NetworkNamespace, _ address: String, peer: String, last: Int) throws {
        var route = try RouteSession(in: end)
        guard let prefix = IPPrefix("\(address)/8"), let other = IPAddress(peer),
            let link = MACAddress("02:00:00:00:00:0\(last)")
        else { return }
        try route.addAddress(prefix, to: "eth0")
        try route.setNeighbour(other, at: link, through: "eth0")
    }

    /// Frames with telemetry that are sent to the victim, which drops them.
    func hearTelemetry() throws -> PacketRing {
        var options = PacketRingOptions()
        // The end of its address, and the type.
        options.filter = FrameFilter(refusing: [
            [.init(at: 4, 0...0)], [.init(at: 4, 2...0xffff)], [.init(at: 12, 0...0x1211)],
            [.init(at: 12, 0x1213...0xffff)],
        ])
        options.transmission = .messages
        return try victim.perform { try PacketRing(interface: "eth0", options: options) }
    }

    /// Runs `body` while a third party sends a frame again and again.
    /// - Returns: how many were sent per second.
    func attack(with frame: [UInt8], during body: () throws -> Void) throws -> Double {
        let flood = SpoofFlood(host: host)
        return try flood.run(BackgroundThread { try flood.send { frame } }, during: body)
    }

    /// The same under a connection of the victim's, which the third party sees.
    func attack(with spoof: SpoofedSegment, during body: () throws -> Void) throws -> Double {
        let flood = SpoofFlood(host: host)
        let bridge = bridge
        let thread = try BackgroundThread { () throws -> Double in
            var follower = try bridge.perform { try ConnectionFollower(interface: "port1") }
            return try flood.send { follower.next(spoof) }
        }
        return try flood.run(thread, awaitsStart: false, during: body)
    }

    /// Asks on a connection, as often as given; each reply must be right.
    /// - Returns: how many came, each within three seconds.
    func answersOnConnection(of total: Int) throws -> Int {
        try victim.perform {
            let server = Endpoint(try #require(IPAddress(HostLab.serverAddress)), port: Port(HostLab.serverPort))
            let socket = try StreamSocket(connectingTo: server)
            try socket.waitUntilConnected(milliseconds: 3000)
            var answered = 0
            for number in 0..<total {
                let request = big(UInt64(number)) + [UInt8](repeating: 7, count: SpoofedSegment.bytes - 8)
                _ = try socket.send(request.span)
                guard try EchoConnection.read(SpoofedSegment.bytes, from: socket, milliseconds: 3000) == request
                else { break }
                answered += 1
                usleep(3000)
            }
            return answered
        }
    }

    /// Asks a number of times, each with another payload after the same id.
    /// - Returns: how many replies came, each within half a second.
    func answersToVictim(of total: Int) throws -> Int {
        try victim.perform {
            let socket = try DatagramSocket()
            try socket.bind(to: Endpoint(try #require(IPAddress(HostLab.clientAddress)), port: Port(Self.victimPort)))
            try socket.setReceiveTimeout(microseconds: 20_000)
            let server = Endpoint(try #require(IPAddress(HostLab.serverAddress)), port: Port(HostLab.serverPort))
            var answered = 0
            for number in 0..<total {
                let request = big(RequestFrame().requestID) + big(UInt64(number)) + [1, 2, 3]
                try socket.send(request.span, to: server)
                if try Self.isAnswered(request, on: socket) { answered += 1 }
                usleep(3000)
            }
            return answered
        }
    }

    private static func isAnswered(_ request: [UInt8], on socket: borrowing DatagramSocket) throws -> Bool {
        let end = DomainClock.monotonicNanoseconds() + 500_000_000
        var buffer = [UInt8](repeating: 0, count: 2048)
        while DomainClock.monotonicNanoseconds() < end {
            var span = buffer.mutableSpan
            guard let datagram = try socket.receive(into: &span) else { continue }
            if Array(buffer.prefix(datagram.count)) == request { return true }
        }
        return false
    }
}
