// SPDX-License-Identifier: Apache-2.0

import Journeys
import TelemetryFormats
import Testing
import Wire

/// Level 6: whichever way a packet takes, it carries one record, of any of its hops with equal chance.
@Suite struct ReservoirTests {
    /// What differs from packet to packet.
    enum Varying {
        case requestID, time, both
    }

    static let hops = 8
    static let packets = 1200

    @Test(arguments: [(Varying.requestID, Traffic.udp4), (.time, .udp6), (.both, .tcp6), (.requestID, .tcp4)])
    func everyHopIsTheOneThatIsToldOfEquallyOften(varying: Varying, traffic: Traffic) throws {
        // tally[n][k]: after n + 1 hops, how often hop k + 1 is the one reported.
        var tally = [[Int]](repeating: [Int](repeating: 0, count: Self.hops), count: Self.hops)
        var frames = (0..<Self.packets).map { number in
            var inner = traffic.request(id: varying == .time ? 7 : UInt32(number))
            inner.segment?.sequence = varying == .time ? 7 : UInt32(number) &* 200
            return Packets.plain(inner, Packets.payload)
        }
        for hop in 0..<Self.hops {
            var node = try INTSwitch(id: hop + 1, level: 6)
            for number in frames.indices {
                node.now =
                    varying == .requestID ? 1_000_000 : 1_000_000_000 + UInt64(number) * 137_000 + UInt64(hop) * 12_000
                let sent = try #require(node.forward(frames[number]).first)
                frames[number] = sent.bytes
                let record = try #require(try Packets.telemetry(sent.bytes).hops.first)
                let position = Int(record.position ?? 0)
                #expect(record.switchID.rawValue == UInt32(position))
                tally[hop][position - 1] += 1
            }
        }
        for (index, counts) in tally.enumerated().dropFirst() {
            let share = Double(Self.packets) / Double(index + 1)
            let distance = counts.prefix(index + 1).reduce(0) {
                $0 + (Double($1) - share) * (Double($1) - share) / share
            }
            // Chi squared of n - 1 degrees of freedom: one fair draw in 10,000 would lie beyond these.
            let limit = [15.2, 18.5, 21.2, 23.6, 25.8, 27.9, 29.9][index - 1]
            #expect(distance < limit, "after \(index + 1) hops: \(counts.prefix(index + 1))")
        }
    }

    @Test func afterAsManyPacketsAsItNeedsTheWayIsWhole() throws {
        var nodes = Nodes(
            try INTSwitch(id: 1, level: 6), try INTSwitch(id: 2, level: 6), try INTSwitch(id: 3, level: 6))
        var path = RebuiltPath(hopsOut: 3, hopsBack: 0)
        for number in 0..<RebuiltPath.packets(toSee: 3, with: 0.999_999) {
            let bytes = try nodes.forward(
                Packets.plain(Traffic.udp4.request(id: UInt32(number)), []), at: UInt64(number))
            path.record(Journey(try Packets.telemetry(bytes).report, seenAt: 0))
        }
        #expect(path.isComplete)
        #expect(path.switches == [1, 2, 3])
    }

    @Test func aPacketDoesNotGrowBehindTheFirstHop() throws {
        var node = try INTSwitch(id: 9, level: 6, defines: ["MAX_FRAME=100"])
        let room = 100 - 14 - 4 - 6 - 28 - 4
        let first = try #require(node.forward(Packets.request(payload: [UInt8](repeating: 1, count: room))).first)
        #expect(first.bytes.count == 100)
        var frame = first.bytes
        for count in 2...20 {
            frame = try #require(node.forward(frame).first).bytes
            #expect(frame.count == 100)
            #expect(try Packets.telemetry(frame).shim.count == UInt8(count))
        }
        frame = try #require(node.forward(frame).first).bytes
        #expect(try Packets.telemetry(frame).shim.flags.contains(.hopLimit))
    }

    private struct Nodes: ~Copyable {
        var first: INTSwitch
        var second: INTSwitch
        var third: INTSwitch

        init(_ first: consuming INTSwitch, _ second: consuming INTSwitch, _ third: consuming INTSwitch) {
            self.first = first
            self.second = second
            self.third = third
        }

        mutating func forward(_ bytes: [UInt8], at time: UInt64) throws -> [UInt8] {
            first.now = 1_000_000_000 + time * 100_000
            second.now = first.now + 10_000
            third.now = first.now + 20_000
            let one = try #require(first.forward(bytes).first).bytes
            let two = try #require(second.forward(one).first).bytes
            return try #require(third.forward(two).first).bytes
        }
    }
}
