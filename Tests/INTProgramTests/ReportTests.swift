// SPDX-License-Identifier: Apache-2.0

import Journeys
import TelemetryFormats
import Testing
import Wire

/// Journeys that report nothing new need not go to the collector.
@Suite struct ReportTests {
    /// Thresholds: 50 us of latency, 3 packets of depth, 10,000 ns in the host; keep-alive a second.
    private static let filter = INTSwitch.sink + "\ntable_add report_policy report_changes 1 => 50 3 10000 1000000"

    /// What a sink does with replies of one flow, given times, waits and host times.
    private struct Sink: ~Copyable {
        var node: INTSwitch
        var delivered = 0
        /// Microseconds of the switch's clock at time 0.
        private let start: UInt64

        init(_ commands: String, start: UInt64 = 1_000_000) throws {
            self.start = start
            let node = try INTSwitch(id: 9, commands: commands)
            self.node = node
        }

        /// Whether the reply is reported; delivered plain it always is.
        mutating func reports(
            at time: UInt64, queued: UInt64 = 0, host: UInt64 = 90_000, traffic: Traffic = .udp4
        ) throws -> Bool {
            let packet = try Packets.turned(
                Packets.request(carrying: 2, level: .standard, traffic: traffic),
                host: HostMeasurement(ordinal: 1, duration: Nanoseconds(measured: host)), traffic: traffic)
            node.now = (start + time) * 1000
            let sent = node.forward(packet, port: 2, queued: queued)
            let plain = try #require(sent.first { $0.port == 1 })
            try Packets.expectRouted(plain.bytes, from: Packets.reply(traffic), hops: 1, traffic)
            delivered += 1
            let copies = sent.filter { $0.port == 3 }
            for copy in copies { #expect(try Packets.telemetry(copy.bytes).hops.count == 3) }
            return copies.count == 1
        }
    }

    @Test func byDefaultEveryJourneyIsReported() throws {
        var sink = try Sink(INTSwitch.sink)
        for time in 0..<5 { #expect(try sink.reports(at: UInt64(time))) }
        #expect(try sink.node.count("INTEgress.telemetry", 2) == 5)
        #expect(try sink.node.count("INTEgress.telemetry", 6) == 0)
    }

    @Test func whatMovesLessThanItsThresholdIsSilentAndWhatCreepsIsNot() throws {
        var sink = try Sink(Self.filter)
        #expect(try sink.reports(at: 0), "a flow's first")
        #expect(try sink.reports(at: 10, host: 100_000) == false)
        #expect(try sink.reports(at: 20, host: 81_000) == false, "to and fro about what was reported")
        #expect(try sink.reports(at: 30, host: 100_001))
        #expect(try sink.reports(at: 40, host: 95_000) == false, "measured from the report, not from before it")
        #expect(try sink.reports(at: 50, host: 90_000), "more than the threshold from 100,001")
        #expect(try sink.reports(at: 60, queued: 50) == false)
        #expect(try sink.reports(at: 200, queued: 51))
        #expect(try sink.reports(at: 400, queued: 0), "and back")
        #expect(try sink.node.count("INTEgress.telemetry", 2) == 5)
        #expect(try sink.node.count("INTEgress.telemetry", 6) == 4)
        #expect(try sink.node.count("INTEgress.telemetry", 1) == 9, "records are pushed all the same")
    }

    @Test func aKeepAliveIsReportedWhateverTheValues() throws {
        var sink = try Sink(Self.filter)
        let reported = try (0..<25).filter { try sink.reports(at: UInt64($0) * 100_000) }
        #expect(reported == [0, 10, 20])
    }

    @Test func theClocksReturnToZeroChangesNoKeepAlive() throws {
        var sink = try Sink(Self.filter, start: (1 << 48) - 550_000)
        let reported = try (0..<25).filter { try sink.reports(at: UInt64($0) * 100_000) }
        #expect(reported == [0, 10, 20])
    }

    @Test func eachFlowIsMeasuredByItself() throws {
        var sink = try Sink(Self.filter)
        for traffic in Traffic.allCases { #expect(try sink.reports(at: 0, traffic: traffic), "\(traffic)") }
        for traffic in Traffic.allCases { #expect(try sink.reports(at: 9, traffic: traffic) == false, "\(traffic)") }
    }

    @Test func aDeeperQueueIsReported() throws {
        var node = try INTSwitch(
            id: 9,
            commands: INTSwitch.sink
                + "\nset_queue_rate 100000 1\ntable_add report_policy report_changes 1 => 1000000 3 10000 1000000000")
        let packet = try Packets.turned(
            Packets.request(carrying: 1, level: .standard), host: HostMeasurement(ordinal: 1, duration: 9))
        for _ in 0..<10 { node.receive(packet, port: 2) }
        let depths = try node.drain().filter { $0.port == 3 }
            .map { try #require(try Packets.telemetry($0.bytes).hops[0].enqueueDepth?.value) }
        #expect(depths == [0, 4, 8])
    }
}
