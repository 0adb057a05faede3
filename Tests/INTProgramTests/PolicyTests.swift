// SPDX-License-Identifier: Apache-2.0

import Addresses
import Journeys
import TelemetryFormats
import Testing
import Wire

/// Policies that table entries choose at run time: which requests start telemetry, in which level.
@Suite struct PolicyTests {
    @Test(arguments: Level.allCases)
    func anEntryChoosesTheLevel(level: Level) throws {
        var node = try Self.node("every \(level.rawValue)")
        let sent = try #require(node.forward(Packets.request()).first)
        #expect(try Packets.telemetry(sent.bytes).level == level)
        let six = try #require(node.forward(Packets.request(.tcp6)).first)
        #expect(try Packets.telemetry(six.bytes).inner == Traffic.tcp6.request())
    }

    @Test(arguments: [0, 7, 255])
    func aLevelThatIsNoneMeansTheDefault(level: Int) throws {
        var node = try Self.node("every \(level)")
        let sent = try #require(node.forward(Packets.request()).first)
        #expect(try Packets.telemetry(sent.bytes).level == .standard)
    }

    @Test func theLongestPrefixDecides() throws {
        var node = try INTSwitch(
            id: 9,
            commands: """
                table_clear watchlist
                table_add watchlist every 10.0.2.0/24 => 1
                table_add watchlist never 10.0.2.2/32 =>
                """)
        #expect(try Self.isTagged(&node, Packets.request()) == false)
        var other = Packets.request()
        other[33] = 3
        other = TaggingTests.withChecksum(other, headerBytes: 20)
        #expect(try Self.isTagged(&node, other))
    }

    @Test func inAPeriodOnePacketAPortIsTakenAndNoPeriodStarvesAnother() throws {
        var node = try INTSwitch(
            id: 9,
            commands: """
                table_clear watchlist
                table_clear watchlist6
                table_add watchlist in_period 10.0.2.2/32 => 2 1000
                table_add watchlist6 in_period fd00:2::2/128 => 2 7000
                """)
        var tagged: [UInt64] = []
        var tagged6: [UInt64] = []
        for index in 0..<280 {
            node.now = 1_000_000_000 + UInt64(index) * 100_000
            if try Self.isTagged(&node, Packets.request()) { tagged.append(node.now / 1000) }
            if try Self.isTagged(&node, Packets.request(.udp6)) { tagged6.append(node.now / 1000) }
        }
        #expect(tagged.count == 28)
        #expect(zip(tagged, tagged.dropFirst()).allSatisfy { $1 - $0 == 1000 })
        #expect(tagged6.count == 4)
        #expect(zip(tagged6, tagged6.dropFirst()).allSatisfy { $1 - $0 == 7000 })
    }

    @Test(arguments: [1, 2, 10, 50])
    func oneInNTakesOneOfEveryNAndNoFlowOfAPatternStarves(size: Int) throws {
        var node = try Self.node("one_in 2 \(size)")
        var windows: [Int] = []
        var byFlow = [Int](repeating: 0, count: size)
        let rounds = 40
        for _ in 0..<rounds {
            var taken = 0
            // As many flows as the window is long, always in the same order.
            for flow in 0..<size {
                guard try Self.isTagged(&node, Self.request(port: 2000 + flow)) else { continue }
                taken += 1
                byFlow[flow] += 1
            }
            windows.append(taken)
        }
        #expect(windows == [Int](repeating: 1, count: rounds))
        #expect(byFlow.count { $0 > 0 } > size / 3, "a counter alone would always take the same flow: \(byFlow)")
        #expect(size == 1 || byFlow.allSatisfy { $0 < rounds })
    }

    @Test func aFlowsFirstPacketIsAlwaysTakenAndThenOneOfEveryN() throws {
        var node = try Self.node("per_flow 2 5")
        var taken = [[Int]](repeating: [], count: 40)
        for packet in 0..<16 {
            for flow in taken.indices where try Self.isTagged(&node, Self.request(port: 3000 + flow)) {
                taken[flow].append(packet)
            }
        }
        #expect(taken.allSatisfy { $0 == [0, 5, 10, 15] })
    }

    /// Enough flows that some share a slot (8192), one after the other in rounds.
    @Test func flowsThatMeetInASlotAreTakenMoreOftenNotLess() throws {
        var node = try Self.node("per_flow 2 4")
        var taken = [[Int]](repeating: [], count: 500)
        for packet in 0..<9 {
            for flow in taken.indices {
                // Ports alone would not do: a CRC gives neighbouring numbers neighbouring places.
                let request = Self.request(port: 1 + flow * 7919 % 65_521, client: UInt32(1 + flow * 31 % 250))
                if try Self.isTagged(&node, request) { taken[flow].append(packet) }
            }
        }
        #expect(taken.allSatisfy { Set($0).isSuperset(of: [0, 4, 8]) })
        #expect(taken.contains { $0 != [0, 4, 8] }, "or the test says nothing of flows that meet")
    }

    @Test func oneFlowOfADestinationMayHaveAPolicyOfItsOwn() throws {
        var node = try INTSwitch(
            id: 9,
            commands: """
                table_clear watchlist
                table_add watchlist by_flow 10.0.2.2/32 =>
                table_add flows every 10.0.1.1 10.0.2.2 17 \(40_001 << 16 | 1234) => 5
                table_add flows every 10.0.1.1 10.0.2.2 6 \(40_000 << 16 | 1234) => 1
                table_clear watchlist6
                table_add watchlist6 by_flow fd00:2::2/128 =>
                table_add flows6 every fd00:1::1 fd00:2::2 6 \(40_000 << 16 | 1234) => 3
                """)
        #expect(try Self.isTagged(&node, Packets.request()) == false)
        let own = try #require(node.forward(Self.request(port: 40_001)).first)
        #expect(try Packets.telemetry(own.bytes).level == .compact)
        let tcp = try #require(node.forward(Packets.request(.tcp4)).first)
        #expect(try Packets.telemetry(tcp.bytes).level == .minimal)
        let tcp6 = try #require(node.forward(Packets.request(.tcp6)).first)
        #expect(try Packets.telemetry(tcp6.bytes).level == .full)
        #expect(try Self.isTagged(&node, Packets.request(.udp6)) == false)
    }

    @Test func aHopThatTellsOfChangesIsSilentUntilItsClassChangesOrTheKeepAliveIsDue() throws {
        var node = try Self.node("on_change 5 1000000")
        func taken(_ time: UInt64, queued: UInt64, _ packet: [UInt8] = Packets.request()) throws -> Bool {
            node.now = 1_000_000_000 + time * 1000
            return try #require(node.forward(packet, queued: queued).first).bytes[12] == 0x12
        }
        #expect(try taken(0, queued: 5), "a flow's first packet")
        #expect(try taken(1000, queued: 5) == false)
        #expect(try taken(2000, queued: 99) == false, "the same class: below 100 us")
        #expect(try taken(3000, queued: 100), "low")
        #expect(try taken(4000, queued: 999) == false)
        #expect(try taken(5000, queued: 5), "and back")
        #expect(try taken(6000, queued: 5, Self.request(port: 5)), "another flow has its own")
        #expect(try taken(900_000, queued: 5) == false)
        #expect(try taken(1_005_010, queued: 5), "keep-alive")
        #expect(try taken(1_010_000, queued: 5) == false)
    }

    @Test func aDeepQueueIsAChangeToo() throws {
        var node = try INTSwitch(
            id: 9,
            commands: """
                table_clear watchlist
                table_add watchlist on_change 10.0.2.2/32 => 1 100000000
                table_set_default latency_classes set_latency_classes 1000000 2000000 3000000
                table_set_default queue_classes set_queue_classes 3 5
                set_queue_rate 100000 2
                """)
        for _ in 0..<8 { node.receive(Packets.request()) }
        let tagged = node.drain().map { $0.bytes[12] == 0x12 }
        // Depths 0 to 7: idle, low from 1, high from 3, critical from 5.
        #expect(tagged == [true, true, false, true, false, true, false, false])
    }

    @Test func classesOfLevel4BeginWhereEntriesSay() throws {
        func classes(_ commands: String) throws -> [Measurement] {
            var node = try INTSwitch(id: 9, level: 4, commands: "set_queue_rate 100000 2\n" + commands)
            for _ in 0..<7 { node.receive(Packets.request()) }
            return try node.drain().map { try #require(try Packets.telemetry($0.bytes).hops[0].enqueueDepth) }
        }
        let low = Measurement.classified(.low)
        #expect(try classes("") == [.classified(.idle), low, low, low, low, low, low])
        #expect(
            try classes("table_set_default queue_classes set_queue_classes 2 4")
                == [.idle, .low, .high, .high, .critical, .critical, .critical].map { .classified($0) })
        // Limits in the wrong order: the class between them is empty, and the others are where theirs say.
        #expect(
            try classes("table_set_default queue_classes set_queue_classes 4 2")
                == [.idle, .low, .low, .low, .critical, .critical, .critical].map { .classified($0) })
        #expect(
            try classes("table_add queue_classes set_queue_classes 2 => 1 6")
                == [.idle, .high, .high, .high, .high, .high, .critical].map { .classified($0) })
    }

    @Test(arguments: [(60, LoadClass.idle), (70, .low), (80, .high), (90, .critical)])
    func lengthClassesBeginWhereEntriesSay(bytes: Int, expected: LoadClass) throws {
        var node = try INTSwitch(
            id: 9, level: 4, commands: "table_set_default length_classes set_length_classes 70 80 90")
        let packet = Packets.request(payload: [UInt8](repeating: 0, count: bytes - 46))
        let sent = try #require(node.forward(packet).first)
        #expect(try Packets.telemetry(sent.bytes).hops[0].packetLength == .classified(expected))
    }

    static func node(_ policy: String, _ more: String = "") throws -> INTSwitch {
        let parts = policy.split(separator: " ", maxSplits: 1)
        let arguments = parts.count > 1 ? String(parts[1]) : ""
        return try INTSwitch(
            id: 9,
            commands: """
                table_clear watchlist
                table_clear watchlist6
                table_add watchlist \(parts[0]) 10.0.2.2/32 => \(arguments)
                table_add watchlist6 \(parts[0]) fd00:2::2/128 => \(arguments)
                \(more)
                """)
    }

    static func isTagged(_ node: inout INTSwitch, _ packet: [UInt8]) throws -> Bool {
        try #require(node.forward(packet).first).bytes[12] == 0x12
    }

    /// A request over UDP from another port, or another client of the network.
    static func request(port: Int, client: UInt32 = 1) -> [UInt8] {
        var inner = Traffic.udp4.request()
        inner.flow.source = .v4(IPv4Address(rawValue: 0x0A00_0100 | client))
        inner.flow.ports?.source = Port(rawValue: UInt16(port))
        return Packets.plain(inner, Packets.payload)
    }
}
