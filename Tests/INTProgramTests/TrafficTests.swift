// SPDX-License-Identifier: Apache-2.0

import Journeys
import TelemetryFormats
import Testing
import Wire

/// IPv4 and IPv6, UDP and TCP: one program follows them all.
@Suite struct TrafficTests {
    @Test(arguments: Level.allCases, Traffic.allCases)
    func aWatchedRequestOfAnyKindIsTagged(level: Level, traffic: Traffic) throws {
        var node = try INTSwitch(id: 9, level: Int(level.rawValue))
        let packet = Packets.request(traffic)
        let sent = try #require(node.forward(packet).first)
        let frame = try Packets.telemetry(sent.bytes)
        #expect(frame.level == level)
        #expect(frame.inner == traffic.request())
        // After the telemetry follows the original packet, one hop on: no checksum of UDP or TCP has to change.
        var inner = Array(sent.bytes[..<14]) + sent.bytes[(14 + frame.telemetrySize)...]
        inner[12] = UInt8(traffic.etherType.rawValue >> 8)
        inner[13] = UInt8(traffic.etherType.rawValue & 0xFF)
        try Packets.expectRouted(inner, from: packet, hops: 1, traffic)
    }

    static let neverTagged: [(String, [UInt8])] = [
        ("a segment that opens a connection", segment(.tcp4, flags: 0x02, payload: [])),
        ("one that opens and brings data", segment(.tcp4, flags: 0x02)),
        ("an acknowledgement alone", segment(.tcp4, flags: 0x10, payload: [])),
        ("a reset with data", segment(.tcp6, flags: 0x14)),
        ("an acknowledgement alone over IPv6", segment(.tcp6, flags: 0x10, payload: [])),
        ("a TCP header that is too short", segment(.tcp4, flags: 0x18, offset: 4)),
        ("a TCP header longer than the segment", segment(.tcp6, flags: 0x18, offset: 15)),
        ("an IPv6 extension header", edited(.udp6) { $0[20] = 0 }),
        ("an IPv6 fragment", edited(.udp6) { $0[20] = 44 }),
        ("ICMPv6", edited(.udp6) { $0[20] = 58 }),
        ("an IPv6 datagram too short for a request id", edited(.udp6) { $0[19] = 11 }),
        ("IPv6 to a destination that nobody watches", Packets.reply(.tcp6)),
        ("a TCP header that the frame cuts off", Array(Packets.request(.tcp6)[..<70])),
    ]

    @Test(arguments: neverTagged)
    func allOthersArePassedOnPlain(name: String, packet: [UInt8]) throws {
        var node = try INTSwitch(id: 9)
        let sent = try #require(node.forward(packet).first, "\(name)")
        let isIPv6 = packet[12] == 0x86
        #expect(Array(sent.bytes[12..<14]) == Array(packet[12..<14]), "\(name)")
        let unchanged = isIPv6 ? 22 : 26
        #expect(Array(sent.bytes[unchanged...]) == Array(packet[unchanged...]), "\(name)")
        #expect(sent.bytes[isIPv6 ? 21 : 22] == packet[isIPv6 ? 21 : 22] - 1, "\(name)")
        #expect(try node.count("INTEgress.telemetry", 0) == 0)
    }

    /// ACK; PSH and ACK; FIN and ACK; URG and ACK: one byte of payload is enough.
    @Test(arguments: [0x10, 0x18, 0x11, 0x30] as [UInt8])
    func aSegmentWithDataIsTaggedWhateverElseItSays(flags: UInt8) throws {
        var node = try INTSwitch(id: 9)
        let sent = try #require(node.forward(Self.segment(.tcp4, flags: flags, payload: [1])).first)
        #expect(sent.bytes[12] == 0x12)
    }

    static let dropped: [(reason: Int, packet: [UInt8])] = [
        (2, edited(.udp6) { $0[21] = 1 }),
        (2, edited(.tcp6) { $0[21] = 0 }),
        (3, edited(.udp6) { $0[40] = 9 }),
        (0, edited(.udp6) { $0[14] = 0x45 }),
        (0, Array(Packets.request(.udp6)[..<50])),
    ]

    @Test(arguments: dropped)
    func aRouterDropsWhatItCannotForward(reason: Int, packet: [UInt8]) throws {
        var node = try INTSwitch(id: 9)
        #expect(node.forward(packet) == [])
        #expect(try node.count("INTIngress.dropped", reason) == 1)
    }

    @Test func oneSwitchContinuesEveryLevelAndFamilyInTurn() throws {
        var node = try INTSwitch(id: 9, level: 1)
        for round in 0..<3 {
            for level in Level.allCases {
                for traffic in Traffic.allCases {
                    let packet = Packets.request(carrying: 1 + round, level: level, traffic: traffic)
                    let sent = try #require(node.forward(packet).first)
                    let frame = try Packets.telemetry(sent.bytes)
                    #expect(frame.level == level && frame.shim.count == 2 + round)
                    #expect(frame.inner == traffic.request())
                }
            }
        }
    }

    @Test func optionsOfTheTCPHeaderStayAndTheReportEndsBehindThem() throws {
        var node = try INTSwitch(id: 9, commands: "table_add port_role sink 2 =>\nmirroring_add 500 3")
        var packet = Packets.request(.tcp4)
        packet.insert(contentsOf: [1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8], at: 54)
        packet[17] += 12
        packet[46] = 0x80
        packet = TaggingTests.withChecksum(packet, headerBytes: 20)
        let sent = node.forward(packet)
        let delivered = try #require(sent.first { $0.port == 2 })
        #expect(Array(delivered.bytes[26...]) == Array(packet[26...]))
        let copy = try #require(sent.first { $0.port == 3 })
        let frame = try Packets.telemetry(copy.bytes)
        #expect(frame.inner == Traffic.tcp4.request())
        #expect(copy.bytes.count == 14 + frame.telemetrySize + 20 + 32 + 4)
    }

    private static func edited(_ traffic: Traffic, _ edit: (inout [UInt8]) -> Void) -> [UInt8] {
        var packet = Packets.request(traffic)
        edit(&packet)
        return packet
    }

    /// A segment with other flags, payload or header length than a request's.
    private static func segment(
        _ traffic: Traffic, flags: UInt8, payload: [UInt8] = [1, 2, 3, 4, 5], offset: UInt8 = 5
    ) -> [UInt8] {
        var inner = traffic.request()
        inner.requestID = nil
        var packet = Packets.plain(inner, payload)
        packet[14 + traffic.internetSize + 12] = offset << 4
        packet[14 + traffic.internetSize + 13] = flags
        return packet
    }
}
