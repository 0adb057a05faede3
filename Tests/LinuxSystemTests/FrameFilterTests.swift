// SPDX-License-Identifier: Apache-2.0

import Addresses
import Testing
import ThrowawayPlaces

@testable import LinuxSystem

@Suite(.needsRoot) struct FrameFilterTests {
    private static let mine = FrameFilter(refusing: [
        [.init(at: 12, 0x88b5), .init(at: 36, 100...199)],
        [.init(at: 12, 0x88b6), .init(at: 60, 7)],
    ])

    /// EtherType, 16-bit number at an offset, length; whether it comes.
    @Test(arguments: [
        (type: UInt16(0x88b5), at: 36, value: UInt16(99), count: 64, comes: true),
        (type: 0x88b5, at: 36, value: 100, count: 64, comes: false),
        (type: 0x88b5, at: 36, value: 199, count: 64, comes: false),
        (type: 0x88b5, at: 36, value: 200, count: 64, comes: true),
        (type: 0x88b7, at: 36, value: 150, count: 64, comes: true),
        (type: 0x88b6, at: 60, value: 7, count: 62, comes: false),
        (type: 0x88b6, at: 60, value: 8, count: 62, comes: true),
        // It ends before the field, or within it.
        (type: 0x88b6, at: 36, value: 7, count: 60, comes: true),
        (type: 0x88b6, at: 58, value: 7, count: 61, comes: true),
    ])
    func framesAreRefusedByAllFieldsOfOneRule(
        _ row: (type: UInt16, at: Int, value: UInt16, count: Int, comes: Bool)
    ) throws {
        var frame = [UInt8](repeating: 0, count: row.count)
        for (offset, value) in [(12, row.type), (row.at, row.value)] {
            frame[offset] = UInt8(value >> 8)
            frame[offset + 1] = UInt8(value & 0xff)
        }
        #expect(try Self.frames(passing: Self.mine, sending: [frame]).count == (row.comes ? 1 : 0))
    }

    @Test func refusedFramesTakeNoSlotFromOthers() throws {
        var other = [UInt8](repeating: 0, count: 64)
        other[12...13] = [0x88, 0xb5]
        other[37] = 150
        var own = other
        own[37] = 50
        let frames = try Self.frames(passing: Self.mine, sending: [[UInt8]](repeating: other, count: 200) + [own])
        #expect(frames == [own])
    }

    /// What a ring of 16 slots takes of frames that all come before it is read.
    private static func frames(passing filter: FrameFilter, sending frames: [[UInt8]]) throws -> [[UInt8]] {
        var came: [[UInt8]] = []
        try withNamespaces(2) { ends in
            try connect(VethEnd("left", in: ends[0]), VethEnd("right", in: ends[1]))
            var options = PacketRingOptions(frameCapacity: 1900, receiveSlots: 16)
            options.filter = filter
            var receiver = try ends[1].perform { try PacketRing(interface: "right", options: options) }
            var sender = try ends[0].perform { try PacketRing(interface: "left") }
            // The last one passes every filter, after all others.
            for frame in frames + [[UInt8](repeating: 0xff, count: 60)] { #expect(Self.stage(frame, &sender)) }
            sender.flush()
            let deadline = DomainClock.monotonicNanoseconds() + 2_000_000_000
            while came.last?.first != 0xff, DomainClock.monotonicNanoseconds() < deadline {
                receiver.receive { bytes, _ in came.append(bytes.indices.map { bytes[$0] }) }
            }
            #expect(came.popLast()?.first == 0xff)
            #expect(receiver.statistics().receiveDrops == 0)
        }
        return came
    }

    private static func stage(_ frame: [UInt8], _ ring: inout PacketRing) -> Bool { ring.stage(frame.span) }
}

@Suite struct LossCountersTests {
    @Test func datagramsOfBothFamiliesAreAdded() {
        var counters = LossCounters()
        counters.addDatagrams(
            """
            Ip: Forwarding DefaultTTL
            Ip: 1 64
            Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors
            Udp: 300000 0 12 300000 7 0 4 0 1
            UdpLite: InDatagrams NoPorts InErrors
            UdpLite: 9 9 9
            """, overIPv6: "Ip6InReceives   \t5\nUdp6InErrors    \t3\nUdp6RcvbufErrors\t2\nUdpLite6InErrors\t9\n")
        #expect(counters.socketFull == 9 && counters.damaged == 6)
    }

    @Test func errorsAndDropsOfEveryInterfaceAreAdded() {
        var counters = LossCounters()
        counters.addInterfaces(
            """
            Inter-|   Receive                                                |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                lo:       5       6    0    0    0     0          0         0        0       0    0    0    0     0       0          0
              eth0:     180       2    1   10    0     0          0         0       99       1  100 1000    0     0       0          0
            """)
        #expect(counters.interfaces == 1111)
    }

    @Test(.needsRoot) func aDatagramWithoutRoomIsCounted() throws {
        try withNamespaces(1) { namespaces in
            var session = try RouteSession(in: namespaces[0])
            try session.setUp("lo")
            #expect(try LossCounters(of: namespaces[0]) == LossCounters())
            try namespaces[0].perform {
                let receiver = try DatagramSocket()
                try receiver.bind(to: Endpoint(IPv4Address(rawValue: 0x7f00_0001), port: 5000))
                try receiver.setReceiveBuffer(bytes: 4096)
                let sender = try DatagramSocket()
                try sender.connect(to: Endpoint(IPv4Address(rawValue: 0x7f00_0001), port: 5000))
                let bytes = [UInt8](repeating: 1, count: 1000)
                for _ in 0..<100 { try sender.send(bytes.span) }
            }
            let counters = try LossCounters(of: namespaces[0])
            #expect(counters.socketFull > 50 && counters.damaged == 0)
        }
    }
}
