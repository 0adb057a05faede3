// SPDX-License-Identifier: Apache-2.0

import Journeys
import TelemetryFormats
import Testing
import Wire

/// Level 5: six bytes per hop, depth and latency as logarithms.
@Suite struct CompactTests {
    /// Every small value, both ends of every code, and a stride through the rest up to a second.
    ///
    /// The ends alone say it of all values up to 2^34: the program compares and shifts by constants, so what lies
    /// between two values that take the same branches takes them too, and a shift never makes a larger value the
    /// smaller one.
    static let latencies: [UInt64] = {
        var values = Set<UInt64>(0..<2048)
        for code in UInt8.min...UInt8.max {
            let range = LogarithmicCode(rawValue: code).values
            values.formUnion([range.lowerBound, range.upperBound, LogarithmicCode(rawValue: code).value])
        }
        values.formUnion(stride(from: 2048, through: 1_000_000, by: 311))
        values.formUnion([1 << 34, (1 << 34) + 1, 1 << 40])
        return values.sorted()
    }()

    @Test func theSwitchsLogarithmIsTheReadersForEveryCode() throws {
        var node = try INTSwitch(id: 9, level: 5)
        var codes: Set<UInt8> = []
        for latency in Self.latencies {
            let sent = try #require(node.forward(Packets.request(), queued: latency).first)
            // Latency is the record's last byte, and the record the only one.
            let code = sent.bytes[14 + 4 + 5]
            guard code == LogarithmicCode(of: latency).rawValue else {
                Issue.record("\(latency) us became \(code), not \(LogarithmicCode(of: latency).rawValue)")
                return
            }
            codes.insert(code)
        }
        #expect(codes.count == 256)
    }

    @Test func depthsAreTheLogarithmsOfWhatThePacketsMet() throws {
        var node = try INTSwitch(
            id: 9, level: 5, commands: "set_queue_depth 1000 2\nset_queue_rate 100000 2")
        for _ in 0..<600 { node.receive(Packets.request()) }
        let hops = try node.drain().map { try Packets.telemetry($0.bytes).hops[0] }
        #expect(hops.count == 600)
        #expect(
            hops.map(\.enqueueDepth)
                == (0..<600).map { .quantized(LogarithmicCode(of: $0).value, relativeError: 1.0 / 16) })
    }

    @Test(arguments: [Level.compact, .constant], Traffic.allCases)
    func aRecordTellsSwitchPortAndPlaceInTheWay(level: Level, traffic: Traffic) throws {
        var path = try Path(level: level, traffic: traffic)
        let (delivered, copy) = try path.roundTrip()
        let frame = try Packets.telemetry(copy.bytes)
        #expect(frame.shim.count == 6 && frame.shim.forward == 3)
        #expect(frame.hops.count == (level == .compact ? 6 : 1))
        #expect(frame.telemetrySize == 4 + 6 * frame.hops.count + 60)
        for hop in frame.hops {
            let position = Int(try #require(hop.position))
            #expect(hop.switchID.rawValue == [1, 2, 3, 3, 2, 1][position - 1])
            #expect(hop.egressPort == (position <= 3 ? 2 : 1))
            #expect(hop.latency == .quantized(5000, relativeError: 1.0 / 16))
        }
        #expect(copy.bytes.count == 14 + frame.telemetrySize + traffic.internetSize + traffic.transportSize + 4)
        try Packets.expectRouted(delivered.bytes, from: Packets.reply(traffic), hops: 3, traffic)
        #expect(Journey(frame.report, seenAt: 0).isComplete)
    }

    @Test(arguments: Traffic.allCases)
    func aTwentyFirstHopAddsNothing(traffic: Traffic) throws {
        var node = try INTSwitch(id: 9, level: 5)
        let full = Packets.request(carrying: 20, level: .compact, traffic: traffic)
        let sent = try #require(node.forward(full).first)
        #expect(sent.bytes.count == full.count)
        #expect(try Packets.telemetry(sent.bytes).shim.flags.contains(.hopLimit))
    }
}
