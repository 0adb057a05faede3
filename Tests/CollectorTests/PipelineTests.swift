// SPDX-License-Identifier: Apache-2.0

import Collector
import Journeys
import TelemetryFormats
import Testing
import Wire

@Suite struct PipelineTests {
    @Test func `each frame is counted once, for what it is`() {
        var pipeline = JourneyPipeline()
        var cut = SyntheticFrames.roundTrip(1).encoded()
        cut.removeLast(cut.count - 40)
        var otherLevel = SyntheticFrames.roundTrip(1).encoded()
        otherLevel[14] = 9
        let frames = [
            SyntheticFrames.roundTrip(1).encoded(), SyntheticFrames.oneWay(2).encoded(), cut, otherLevel, otherLevel,
            [UInt8](repeating: 0, count: 60), SyntheticFrames.roundTrip(1).encoded(),
        ]
        for bytes in frames { pipeline.ingest(bytes, at: 5) }
        let counts = pipeline.view.counts
        #expect(counts.frames == 7)
        #expect(counts.journeys == 2)
        #expect(counts.complete == 1)
        #expect(counts.plain == 1)
        #expect(counts.duplicates == 1)
        #expect(counts.malformed == [.recordsBeyondFrame: 1, .unknownLevel: 2])
        #expect(counts.missing == [.noHostRecord: 1, .noReturnHops: 1])
        #expect(
            counts.byReason.map { "\($0.reason) \($0.count)" } == [
                "duplicate 1", "unknown_level 2", "records_beyond_frame 1", "no_host_record 1", "no_return_hops 1",
            ])
    }

    @Test func `the same bytes after a second are another packet`() {
        var pipeline = JourneyPipeline()
        let bytes = SyntheticFrames.roundTrip(1).encoded()
        pipeline.ingest(bytes, at: 0)
        pipeline.ingest(bytes, at: 999_999_999)
        #expect(pipeline.view.counts.duplicates == 1)
        pipeline.ingest(bytes, at: 1_000_000_000)
        #expect(pipeline.view.counts.duplicates == 1)
        #expect(pipeline.view.counts.journeys == 2)
    }

    @Test func `without times or an ordinal, equal bytes are not taken for one packet`() {
        var pipeline = JourneyPipeline()
        for _ in 0..<3 { pipeline.ingest(SyntheticFrames.minimal(1, host: nil).encoded(), at: 0) }
        #expect(pipeline.view.counts.journeys == 3)
        let answered = SyntheticFrames.minimal(1, host: HostMeasurement(ordinal: 1, duration: 5)).encoded()
        for _ in 0..<3 { pipeline.ingest(answered, at: 0) }
        #expect(pipeline.view.counts.journeys == 4)
        #expect(pipeline.view.counts.duplicates == 2)
    }

    @Test func `a duplicate is known among thousands of others, and memory of it is bounded`() {
        var pipeline = JourneyPipeline()
        for id in 0..<5000 as Range<UInt32> { pipeline.ingest(SyntheticFrames.roundTrip(id).encoded(), at: 0) }
        pipeline.ingest(SyntheticFrames.roundTrip(4000).encoded(), at: 0)
        #expect(pipeline.view.counts.duplicates == 1)
        // The first ones have given way to later ones.
        pipeline.ingest(SyntheticFrames.roundTrip(0).encoded(), at: 0)
        #expect(pipeline.view.counts.duplicates == 1)
    }

    @Test func `the slowest complete journey is kept`() {
        var pipeline = JourneyPipeline()
        for (id, host) in [(1, 100), (2, 900), (3, 200)] as [(UInt32, UInt64)] {
            pipeline.ingest(SyntheticFrames.roundTrip(id, host: host).encoded(), at: 0)
        }
        // Far longer, but incomplete.
        pipeline.ingest(SyntheticFrames.oneWay(4).encoded(), at: 0)
        #expect(pipeline.view.slowest?.requestID == 2)
        #expect(pipeline.view.latestComplete?.requestID == 3)
        #expect(pipeline.view.latestComplete?.hops.map(\.switchID) == [1, 2, 2, 1])
    }

    @Test func `quantiles of each part come in the order of travel`() throws {
        var pipeline = JourneyPipeline()
        for host in 1...1000 as ClosedRange<UInt64> {
            pipeline.ingest(SyntheticFrames.roundTrip(UInt32(host), host: host).encoded(), at: 0)
        }
        let rows = pipeline.view.statistics.rows
        #expect(
            rows.map { $0.kind.name() } == [
                "switch s1 out", "link s1-s2 out", "switch s2 out", "link s2-server out+back", "server host",
                "switch s2 back", "link s2-s1 back", "switch s1 back",
            ])
        let server = try #require(rows.first { $0.kind == .host })
        #expect(server.count == 1000)
        #expect(server.max == 1_000_000)
        for (found, exact) in [(server.p50.count, 500_000), (server.p90.count, 900_000), (server.p99.count, 990_000)]
            as [(UInt64, UInt64)]
        {
            #expect(found >= exact && found <= exact + exact / 1000)
        }
        #expect((20_000...20_020).contains(rows[0].p50))
    }

    @Test func `a part seen later finds its place, and a time of hours is kept as the maximum`() throws {
        var statistics = PartStatistics()
        let parts = journey(SyntheticFrames.roundTrip(1)).parts
        statistics.record([parts[0], parts[7]])
        statistics.record(parts)
        #expect(statistics.rows.map(\.kind) == parts.map(\.kind))
        var host = try #require(parts.first { $0.kind == .host })
        host.duration = 7_200_000_000_000
        statistics.record([host])
        let row = try #require(statistics.rows.first { $0.kind == .host })
        #expect(row.max == 7_200_000_000_000)
        #expect(row.p99 < 61_000_000_000)
    }

    @Test func `no more parts than the bound are kept`() {
        var statistics = PartStatistics()
        for id in 0..<600 as Range<UInt32> {
            let frame = SyntheticFrames.oneWay(id)
            var parts = journey(frame).parts
            parts[0].kind = .hop(SwitchID(rawValue: id), .out)
            statistics.record([parts[0]])
        }
        #expect(statistics.rows.count == PartStatistics.maximumParts)
        #expect(statistics.leftOut == 600 - UInt64(PartStatistics.maximumParts))
    }
}
