// SPDX-License-Identifier: Apache-2.0

import Journeys
import TelemetryFormats
import Testing
import Wire

/// Whether later switches follow the first one's choice, or decide for themselves.
@Suite struct FollowingTests {
    @Test func withoutEntriesEverySwitchFollowsTheFirst() throws {
        var first = try PolicyTests.node("one_in 2 10")
        var second = try INTSwitch(id: 2, commands: "table_clear watchlist")
        var records: [Int] = []
        for _ in 0..<40 {
            let bytes = try #require(first.forward(Packets.request()).first).bytes
            let sent = try #require(second.forward(bytes).first).bytes
            guard sent[12] == 0x12 else { continue }
            records.append(try Packets.telemetry(sent).hops.count)
        }
        #expect(records == [2, 2, 2, 2])
    }

    @Test func aSwitchWithAnEntryDecidesForItself() throws {
        var node = try INTSwitch(
            id: 9,
            commands: """
                table_add followlist one_in 10.0.2.0/24 => 0 4
                table_add followlist6 never fd00:2::/64 =>
                """)
        var added = 0
        for _ in 0..<40 {
            let bytes = try #require(node.forward(Packets.request(carrying: 2, level: .standard)).first).bytes
            let hops = try Packets.telemetry(bytes).hops.map(\.switchID.rawValue)
            #expect(hops.suffix(2) == [102, 101])
            added += hops.count - 2
        }
        #expect(added == 10)
        let six = Packets.request(carrying: 2, level: .full, traffic: .tcp6)
        let sent = try #require(node.forward(six).first).bytes
        #expect(try Packets.telemetry(sent).hops.count == 2)
        #expect(sent.count == six.count)
        // Replies have no entry.
        let reply = try Packets.turned(
            Packets.request(carrying: 2, level: .standard), host: Path.host, traffic: .udp4)
        #expect(try Packets.telemetry(try #require(node.forward(reply, port: 2).first).bytes).hops.count == 3)
    }

    @Test func aPolicyDoesNotChangeTheLevelOfAFrame() throws {
        var node = try INTSwitch(id: 9, commands: "table_add followlist every 10.0.2.0/24 => 5")
        let bytes = try #require(node.forward(Packets.request(carrying: 1, level: .minimal)).first).bytes
        #expect(try Packets.telemetry(bytes).level == .minimal)
        #expect(try Packets.telemetry(bytes).hops.count == 2)
    }

    @Test func aHopFollowsOnChangeOnly() throws {
        var node = try INTSwitch(id: 9, commands: "table_add followlist on_change 10.0.2.0/24 => 0 1000000")
        func records(_ time: UInt64, queued: UInt64) throws -> Int {
            node.now = 1_000_000_000 + time * 1000
            let sent = node.forward(Packets.request(carrying: 1, level: .compact), queued: queued)
            return try Packets.telemetry(try #require(sent.first).bytes).hops.count
        }
        #expect(try records(0, queued: 1) == 2)
        #expect(try records(1000, queued: 1) == 1)
        #expect(try records(2000, queued: 5000) == 2)
        #expect(try records(9000, queued: 5000) == 1)
        #expect(try records(1_100_000, queued: 5000) == 2)
    }

    @Test func aSinkThatAddsNothingReportsAndStripsAllTheSame() throws {
        var node = try INTSwitch(
            id: 9,
            commands: """
                table_add followlist never 0.0.0.0/0 =>
                table_add port_role sink 2 =>
                mirroring_add 500 3
                """)
        let sent = node.forward(Packets.request(carrying: 2, level: .standard))
        let copy = try #require(sent.first { $0.port == 3 })
        #expect(try Packets.telemetry(copy.bytes).hops.map(\.switchID.rawValue) == [102, 101])
        let delivered = try #require(sent.first { $0.port == 2 })
        try Packets.expectRouted(delivered.bytes, from: Packets.request(), hops: 1, .udp4)
    }
}
