// SPDX-License-Identifier: Apache-2.0

import Addresses
import Journeys
import LinuxSystem
import TelemetryFormats
import Testing
import ThrowawayPlaces
import Wire

@testable import Workload

@Suite(.needsRoot) struct GeneratorTests {
    static let shapes: [LoadFrame.Shape] = {
        var plain = LoadFrame.Shape()
        plain.flows = 3
        var records = plain
        records.records = 18
        records.level = .full
        var v6 = plain
        v6.records = 3
        v6.source = Endpoint(.v6(IPv6Address(rawValue: 1 << 64 | 1)), port: 0xfffe)
        v6.destination = Endpoint(.v6(IPv6Address(rawValue: 1 << 64 | 2)), port: 7)
        v6.payloadBytes = 10
        return [plain, records, v6]
    }()

    enum Way: CaseIterable { case socket, live }

    /// Each frame as it arrives at the other end of a cable: its number, its port, right checksums, known records.
    @Test(arguments: shapes, Way.allCases)
    func everyFrameArrivesWithItsNumberAndRightChecksums(_ shape: LoadFrame.Shape, _ way: Way) throws {
        let frame = LoadFrame(shape)
        try withCable { sender, receiver in
            let receiving = way == .live ? try receiver.perform { try LiveReceiver(interface: "end") } : nil
            var ring = try receiver.perform { try PacketRing(interface: "end") }
            let sent = try sender.perform {
                let source: any FrameSender =
                    way == .live
                    ? try LiveSender(interface: "end", frame: frame) : try SocketSender(interface: "end", frame: frame)
                var blast = try Blast(source)
                blast.count = 200
                // Less than what would fill a veth's queue of 256 at once.
                blast.rate = 20_000
                return try blast.run().sent
            }
            #expect(sent == 200)
            let frames = ring.frames(200)
            _ = receiving != nil
            #expect(frames.count == 200)
            for (number, bytes) in frames.enumerated() { expect(bytes, toBe: UInt32(number), of: shape) }
        }
    }

    private func expect(_ bytes: [UInt8], toBe number: UInt32, of shape: LoadFrame.Shape) {
        let payload = bytes.count - shape.payloadBytes
        #expect(Self.number(bytes[payload..<payload + 4]) == UInt64(number))
        let port = shape.source.port.rawValue &+ UInt16(number) % 3
        #expect(Self.number(bytes[payload - 8..<payload - 6]) == UInt64(port))
        var checksum = InternetChecksum()
        let udp = bytes.count - payload + 8
        switch (shape.source.address, shape.destination.address) {
        case (.v4(let source), .v4(let destination)):
            checksum.addPseudoHeader(source: source, destination: destination, protocol: .udp, length: udp)
        case (.v6(let source), .v6(let destination)):
            checksum.addPseudoHeader(source: source, destination: destination, protocol: .udp, length: udp)
        default: Issue.record("two families")
        }
        checksum.add(Array(bytes[(payload - 8)...]).span)
        #expect(checksum.value == 0)
        guard shape.records > 0 else {
            #expect(bytes.count == (shape.source.address.isIPv6 ? 62 : 42) + shape.payloadBytes)
            return
        }
        guard case .telemetry(let read) = TelemetryFrame.decode(bytes.span) else {
            Issue.record("no telemetry frame")
            return
        }
        #expect(read.hops.map(\.switchID.rawValue) == (1...UInt32(shape.records)).reversed())
        #expect(read.inner.requestID == number)
    }

    @Test func aRateIsKeptAndNoneLeavesTwice() throws {
        try withCable { sender, _ in
            let report = try sender.perform {
                var blast = try Blast(try SocketSender(interface: "end", frame: LoadFrame(LoadFrame.Shape())))
                blast.rate = 1000
                blast.duration = 0.5
                return try blast.run()
            }
            // However late its wake-ups, it is never ahead of the clock.
            #expect(report.sent <= UInt64(report.seconds * 1000) + 1)
            #expect(report.sent > 0)
        }
    }

    @Test func framesLongerThanTheInterfaceTakesAreRefused() throws {
        try withCable { sender, _ in
            let report = try sender.perform {
                let frame = LoadFrame(bytes: [UInt8](repeating: 2, count: 1600))
                var blast = try Blast(try SocketSender(interface: "end", frame: frame))
                blast.count = 10
                return try blast.run()
            }
            #expect(report.sent == 0 && report.refused == 10)
        }
    }

    private static func number(_ bytes: some Collection<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }

    private func withCable(_ body: (NetworkNamespace, NetworkNamespace) throws -> Void) throws {
        try withNamespaces(2) { namespaces in
            try connect(VethEnd("end", in: namespaces[0]), VethEnd("end", in: namespaces[1]))
            try body(namespaces[0], namespaces[1])
        }
    }
}

extension PacketRing {
    /// Frames of test traffic that have come, up to `count`; waits for them up to two seconds.
    mutating func frames(_ count: Int) -> [[UInt8]] {
        var frames: [[UInt8]] = []
        let deadline = DomainClock.monotonicNanoseconds() + 2_000_000_000
        while frames.count < count, DomainClock.monotonicNanoseconds() < deadline {
            receive(limit: 64) { bytes, _ in
                // Ours come from this address; the kernel may say something of its own.
                if bytes.count > 12, bytes[6] == 2, bytes[11] == 1 { frames.append(bytes.indices.map { bytes[$0] }) }
            }
        }
        return frames
    }
}
