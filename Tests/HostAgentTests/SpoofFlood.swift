// SPDX-License-Identifier: Apache-2.0

import Addresses
import Glibc
import LinuxSystem
import Synchronization
import ThrowawayPlaces

@testable import HostAgent

/// What a third party sends until it is stopped.
struct SpoofFlood: Sendable {
    let host: HostLab
    private let stopping = StopFlag()
    private let started = StopFlag()

    init(host: HostLab) { self.host = host }

    /// Sends some thousand frames per second.
    /// - Parameter frame: nil while there is nothing to send.
    /// - Returns: how many were sent per second.
    func send(_ frame: () -> [UInt8]?) throws -> Double {
        var wire = try Cable(host)
        var sent = 0
        var begin: UInt64 = 0
        while !stopping.isSet.load(ordering: .relaxed) {
            if let bytes = frame() {
                if sent == 0 { begin = DomainClock.monotonicNanoseconds() }
                wire.send(bytes)
                sent += 1
            }
            if sent == 50 { started.isSet.store(true, ordering: .relaxed) }
            if sent % 4 == 0 { usleep(1000) }
        }
        return Double(sent) * 1e9 / Double(DomainClock.monotonicNanoseconds() - begin)
    }

    /// Runs `body` while the thread sends, once it has begun to.
    func run(
        _ thread: consuming BackgroundThread<Double>, awaitsStart: Bool = true, during body: () throws -> Void
    ) throws -> Double {
        let outcome = Result {
            for _ in 0..<2000 where awaitsStart && !started.isSet.load(ordering: .relaxed) { usleep(1000) }
            try body()
        }
        stopping.isSet.store(true, ordering: .relaxed)
        let rate = try thread.join()
        try outcome.get()
        return rate
    }
}

/// A datagram of the third party's: the victim's request in all that matters, with telemetry.
struct SpoofedRequest: Sendable {
    var frame = RequestFrame(hasChecksum: true)
    var destination = SpoofLab.serverLink

    var bytes: [UInt8] {
        var bytes = frame.bytes
        bytes.replaceSubrange(0..<12, with: destination + SpoofLab.attackerLink)
        return bytes
    }
}

/// A segment of the third party's: the one with which the victim's connection goes on, with telemetry.
enum SpoofedSegment: String, CaseIterable, Sendable {
    case wrongChecksum
    /// The checksum is right.
    case outOfWindow
    /// The same, in the window; the frame is addressed to nobody.
    case addressedToNobody

    /// Of each request's payload.
    static let bytes = 24
}

/// Knows where the victim's connection is, from what the victim sends.
struct ConnectionFollower: ~Copyable {
    private var ring: PacketRing
    private var sourcePort: UInt16 = 0
    private var next: UInt32 = 0
    private var acknowledged: UInt32 = 0

    init(interface: String) throws { ring = try PacketRing(interface: interface) }

    /// nil before there is a connection.
    mutating func next(_ spoof: SpoofedSegment) -> [UInt8]? {
        var frames: [[UInt8]] = []
        _ = ring.receive(limit: 64) { bytes, _ in frames.append(bytes.bytes) }
        for frame in frames { follow(frame) }
        guard acknowledged != 0 else { return nil }
        var request = SpoofedRequest()
        request.frame.sourcePort = sourcePort
        request.frame.payload = [UInt8](repeating: 0xee, count: SpoofedSegment.bytes)
        request.frame.segment = Segment(sequence: next, acknowledged: acknowledged)
        switch spoof {
        case .wrongChecksum: request.frame.checksumError = 1
        case .outOfWindow: request.frame.segment?.sequence = next &+ 0x1000_0000
        case .addressedToNobody: request.destination = SpoofLab.otherLink
        }
        return request.bytes
    }

    private mutating func follow(_ frame: [UInt8]) {
        guard frame.count >= 54, number(frame[12..<14]) == 0x0800, frame[14] == 0x45, frame[23] == 6 else { return }
        let flags = frame[47]
        guard flags & Segment.ack != 0 else { return }
        let header = 20 + Int(frame[46] >> 4) * 4
        sourcePort = UInt16(number(frame[34..<36]))
        next = UInt32(number(frame[38..<42])) &+ UInt32(Int(number(frame[16..<18])) - header)
        acknowledged = UInt32(number(frame[42..<46]))
    }
}

/// Sends back what comes on one connection after the other.
enum EchoConnection {
    /// Runs `body` while the connections are served.
    static func with(_ lab: HostLab, _ body: () throws -> Void) throws {
        let stopping = StopFlag()
        let endpoint = Endpoint(.any, port: Port(HostLab.serverPort))
        let listener = try lab.server.perform { try ListeningSocket(at: endpoint) }
        let thread = try BackgroundThread {
            while !stopping.isSet.load(ordering: .relaxed) {
                guard let socket = try listener.accept() else {
                    usleep(1000)
                    continue
                }
                while !stopping.isSet.load(ordering: .relaxed) {
                    guard let bytes = try read(SpoofedSegment.bytes, from: socket, milliseconds: 50) else { continue }
                    if bytes.isEmpty { break }
                    _ = try socket.send(bytes.span)
                }
            }
        }
        let outcome = Result { try body() }
        stopping.isSet.store(true, ordering: .relaxed)
        try thread.join()
        try outcome.get()
    }

    /// - Returns: as many bytes, none if the other side has ended; nil if they did not come in time.
    static func read(
        _ count: Int, from socket: borrowing StreamSocket, milliseconds: Int32
    ) throws -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: count)
        while bytes.count < count {
            var waiting = pollfd(fd: socket.number, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&waiting, 1, milliseconds) == 1 else { return nil }
            var span = buffer.mutableSpan
            guard let received = try socket.receive(into: &span) else { continue }
            if received == 0 { return [] }
            bytes += buffer.prefix(received)
        }
        return bytes
    }
}
