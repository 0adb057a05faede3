// SPDX-License-Identifier: Apache-2.0

import Journeys
import TelemetryFormats
import Testing
import Wire

/// Frames that a sending host began, and frames with the longer record of the server's host.
@Suite struct SourceTests {
    static let source = SourceMeasurement(host: 0xAABB_CCDD, sequence: 5, sent: 0x0102_0304_0506_0708)

    @Test(arguments: Level.chained + [.compact], Traffic.allCases)
    func theFirstSwitchPushesInFrontOfTheSourceRecord(level: Level, traffic: Traffic) throws {
        // Unwatched, so that it is the frame's shim alone that asks for a record.
        var node = try INTSwitch(id: 9, level: 3, commands: "table_clear watchlist\ntable_clear watchlist6")
        let packet = Packets.request(carrying: 0, level: level, source: Self.source, traffic: traffic)
        let sent = try #require(node.forward(packet).first)
        let frame = try Packets.telemetry(sent.bytes)
        #expect(frame.hops.map(\.switchID.rawValue) == [9])
        #expect(frame.level == level)
        #expect(frame.sourceRecord == Self.source)
        #expect(frame.shim.flags.subtracting(.innerIPv6) == .sourceRecord)
        #expect(frame.inner == traffic.request())
        let next = try #require(node.forward(sent.bytes).first)
        let second = try Packets.telemetry(next.bytes)
        #expect(second.hops.map(\.switchID.rawValue) == [9, 9])
        #expect(second.sourceRecord == Self.source)
        #expect(try node.count("INTEgress.telemetry", 0) == 0)
        #expect(try node.count("INTEgress.telemetry", 1) == 2)
    }

    @Test(arguments: Traffic.allCases)
    func theSourceRecordComesToTheCollectorAndNotToTheClient(traffic: Traffic) throws {
        var path = try Path(level: .standard, traffic: traffic)
        let (delivered, copy) = try path.roundTrip(
            of: Packets.request(carrying: 0, level: .minimal, source: Self.source, traffic: traffic))
        let frame = try Packets.telemetry(copy.bytes)
        #expect(frame.level == .minimal)
        #expect(frame.sourceRecord == Self.source)
        #expect(frame.host == Path.host)
        #expect(frame.hops.map(\.switchID.rawValue) == [1, 2, 3, 3, 2, 1])
        #expect(copy.bytes.count == 14 + frame.telemetrySize + traffic.internetSize + traffic.transportSize + 4)
        try Packets.expectRouted(delivered.bytes, from: Packets.reply(traffic), hops: 3, traffic)
    }

    @Test(arguments: Traffic.allCases)
    func aShimWithoutRecordsAndSourceIsPassedOnUntouched(traffic: Traffic) throws {
        var node = try INTSwitch(id: 9)
        var packet = Packets.request(traffic)
        packet.replaceSubrange(12..<14, with: [0x12, 0x12, 2, 0, 0, 0])
        let sent = try #require(node.forward(packet).first)
        #expect(sent.bytes.count == packet.count)
        #expect(Array(sent.bytes[12..<18]) == Array(packet[12..<18]))
        #expect(try node.count("INTEgress.telemetry", 5) == 1)
        #expect(try node.count("INTEgress.telemetry", 1) == 0)
    }

    @Test(arguments: [false, true], Traffic.allCases)
    func anExtendedHostRecordIsCarriedOn(hasSource: Bool, traffic: Traffic) throws {
        let source = hasSource ? Self.source : nil
        let before = Packets.request(carrying: 2, level: .standard, source: source, traffic: traffic)
        let recordsEnd = 14 + 4 + 2 * 36 + (hasSource ? 22 : 0)
        let extended = (1...58).map { UInt8($0) }
        var packet = before
        packet[15] |= 0x80
        packet.replaceSubrange((recordsEnd - 2)..<recordsEnd, with: [0x12, 0x16])
        packet.insert(contentsOf: extended + [UInt8(traffic.etherType.rawValue >> 8), 0x00], at: recordsEnd)
        packet[recordsEnd + 59] = UInt8(traffic.etherType.rawValue & 0xFF)
        var node = try INTSwitch(id: 9, commands: "table_add port_role sink 2 =>\nmirroring_add 500 3")
        let sent = node.forward(packet)
        let delivered = try #require(sent.first { $0.port == 2 })
        try Packets.expectRouted(delivered.bytes, from: Packets.request(traffic), hops: 1, traffic)
        let copy = try #require(sent.first { $0.port == 3 })
        #expect(Array(copy.bytes[(recordsEnd + 36)..<(recordsEnd + 36 + 58)]) == extended)
        #expect(copy.bytes.count == recordsEnd + 36 + 60 + traffic.internetSize + traffic.transportSize + 4)
        #expect(copy.bytes[17] == 3)
    }
}
