// SPDX-License-Identifier: Apache-2.0

import Addresses
import Journeys
import TelemetryFormats
import Testing
import Wire

/// Whatever the traffic, the clock and the other policies: who is due is taken.
@Suite struct StarvationTests {
    /// Twenty policies of one port, more than it has places: one for each destination.
    @Test func periodsThatShareAPortAreNotLongerForIt() throws {
        let periods = (0..<20).map { 1000 + $0 * 700 }
        var node = try Self.node { "in_period 10.0.2.\($0 + 2)/32 => 2 \(periods[$0])" }
        var last = [UInt64?](repeating: nil, count: periods.count)
        var longest = [UInt64](repeating: 0, count: periods.count)
        let step: UInt64 = 200
        for round in 0..<300 as Range<UInt64> {
            for index in periods.indices {
                node.now = 1_000_000_000 + round * step * 1000
                guard try PolicyTests.isTagged(&node, Self.request(to: index)) else { continue }
                if let before = last[index] { longest[index] = max(longest[index], round * step - before) }
                last[index] = round * step
            }
        }
        for (index, period) in periods.enumerated() {
            #expect((last[index] ?? 0) + UInt64(period) + step >= 300 * step, "period \(period): not taken at the end")
            #expect(longest[index] <= UInt64(period) + step, "period \(period): \(longest[index]) us without one")
        }
    }

    @Test func twoPeriodsOfAPortAreKeptApartWhicheverTheyAre() throws {
        for second in 0..<20 {
            let periods = [1000, 3000 + second * 400]
            var node = try Self.node(2) { "in_period 10.0.2.\($0 + 2)/32 => 2 \(periods[$0])" }
            var taken = [0, 0]
            // 24 ms of a packet in 0.2 ms to each.
            for round in 0..<120 as Range<UInt64> {
                node.now = 1_000_000_000 + round * 200_000
                for index in 0..<2 where try PolicyTests.isTagged(&node, Self.request(to: index)) { taken[index] += 1 }
            }
            let expected = periods.map { (23_800 + $0) / $0 }
            #expect(taken == expected, "periods \(periods)")
        }
    }

    /// A rate of one in n, also where more policies than there are places take them from each other.
    @Test func samplesOfManySizesAreAsManyAsTheirSizeSays() throws {
        let sizes = (0..<20).map { 2 + $0 }
        var node = try Self.node { "one_in 10.0.2.\($0 + 2)/32 => 2 \(sizes[$0])" }
        var taken = [Int](repeating: 0, count: sizes.count)
        let rounds = 600
        for _ in 0..<rounds {
            for index in sizes.indices where try PolicyTests.isTagged(&node, Self.request(to: index)) {
                taken[index] += 1
            }
        }
        for (index, size) in sizes.enumerated() {
            let expected = Double(rounds) / Double(size)
            // Six standard deviations of single draws; windows vary less.
            let tolerance = 6 * (expected * (1 - 1 / Double(size))).squareRoot() + 1
            #expect(abs(Double(taken[index]) - expected) <= tolerance, "one in \(size): \(taken[index]) of \(rounds)")
        }
    }

    @Test(arguments: ["in_period 2 1000", "on_change 2 1000"])
    func theClocksReturnToZeroChangesNothing(policy: String) throws {
        var node = try PolicyTests.node(policy)
        // 48 bits of microseconds end 3 ms after the start.
        let start = (UInt64(1) << 48) - 3000
        var taken: [UInt64] = []
        for time in stride(from: 0 as UInt64, to: 6000, by: 250) {
            node.now = (start + time) * 1000
            if try PolicyTests.isTagged(&node, Packets.request()) { taken.append(time) }
        }
        #expect(taken == [0, 1000, 2000, 3000, 4000, 5000])
    }

    @Test(arguments: ["in_period 2 1000000", "on_change 2 1000000"])
    func aClockThatIsSetBackTakesAtOnce(policy: String) throws {
        var node = try PolicyTests.node(policy)
        node.now = 9_000_000_000_000
        #expect(try PolicyTests.isTagged(&node, Packets.request()))
        node.now = 1_000_000_000_000
        #expect(try PolicyTests.isTagged(&node, Packets.request()))
        #expect(try PolicyTests.isTagged(&node, Packets.request()) == false)
    }

    /// The largest parameter: no count and no time wraps before it is due.
    @Test func theLongestPeriodAndTheLargestCountTakeTheFirstPacketAndNoMore() throws {
        for policy in ["in_period 2 \((UInt64(1) << 48) - 1)", "per_flow 2 \(UInt32.max)"] {
            var node = try PolicyTests.node(policy)
            let taken = try (0..<50).filter { _ in try PolicyTests.isTagged(&node, Packets.request()) }
            #expect(taken == [0], "\(policy)")
        }
    }

    @Test(arguments: ["in_period 2 0", "one_in 2 0", "one_in 2 1", "per_flow 2 0", "per_flow 2 1", "on_change 2 0"])
    func aParameterOfNothingTakesEveryPacket(policy: String) throws {
        var node = try PolicyTests.node(policy)
        for _ in 0..<20 { #expect(try PolicyTests.isTagged(&node, Packets.request())) }
    }

    /// Flows that take each other's slot in turn, all of one class.
    @Test func flowsThatMeetInASlotTellOfChangesMoreOftenNotLess() throws {
        var node = try PolicyTests.node("on_change 2 1000000")
        var taken = [Int](repeating: 0, count: 500)
        for _ in 0..<3 {
            for flow in taken.indices {
                let request = PolicyTests.request(
                    port: 1 + flow * 7919 % 65_521, client: UInt32(1 + flow * 31 % 250))
                if try PolicyTests.isTagged(&node, request) { taken[flow] += 1 }
            }
        }
        #expect(taken.allSatisfy { $0 >= 1 })
        #expect(taken.contains { $0 == 3 }, "or the test says nothing of flows that meet")
    }

    /// A switch whose watchlist has these entries, for destinations from 10.0.2.2 on.
    private static func node(_ count: Int = 20, _ entry: (Int) -> String) throws -> INTSwitch {
        let entries = (0..<count).map { "table_add watchlist \(entry($0))" }
        return try INTSwitch(id: 9, commands: "table_clear watchlist\n" + entries.joined(separator: "\n"))
    }

    private static func request(to index: Int) -> [UInt8] {
        var inner = Traffic.udp4.request()
        inner.flow.destination = .v4(IPv4Address(rawValue: 0x0A00_0202 + UInt32(index)))
        return Packets.plain(inner, Packets.payload)
    }
}
