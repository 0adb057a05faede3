// SPDX-License-Identifier: Apache-2.0

import Addresses
import Collector
import Journeys
import TelemetryFormats
import Testing

/// Frames and their clients' times come in either order, and from two kinds of sources.
@Suite struct ClientJoinTests {
    private let times = ClientTimes(sent: 999_000_000, received: 1_000_300_000)

    @Test(arguments: [true, false])
    func `a journey has its client's times, whichever came first`(frameFirst: Bool) {
        let sink = CollectingSink()
        var pipeline = JourneyPipeline(sinks: [sink], joinsRequestIDs: true)
        let frame = SyntheticFrames.roundTrip(7).encoded()
        if frameFirst { pipeline.ingest(frame, at: 0) }
        #expect(sink.journeys.isEmpty)
        pipeline.ingest(times, of: .id(7))
        if !frameFirst { pipeline.ingest(frame, at: 0) }
        #expect(sink.journeys.map(\.client) == [times])
        #expect(sink.journeys.first?.total == 1_300_000)
        // The parts are those with the client's links.
        #expect(sink.journeys.first?.parts.first?.kind == .clientLink(1, .out))
        #expect(pipeline.view.statistics.rows.first?.kind == .clientLink(1, .out))
    }

    @Test func `an incomplete journey waits for nobody, a complete one until the end`() {
        let sink = CollectingSink()
        var pipeline = JourneyPipeline(sinks: [sink], joinsRequestIDs: true)
        pipeline.ingest(SyntheticFrames.oneWay(1).encoded(), at: 0)
        pipeline.ingest(SyntheticFrames.roundTrip(2).encoded(), at: 0)
        pipeline.tick()
        #expect(sink.journeys.map(\.requestID) == [1])
        pipeline.finish()
        #expect(sink.journeys.map(\.requestID) == [1, 2])
        #expect(sink.journeys.allSatisfy { $0.client == nil })
    }

    @Test func `a second journey under one request id lets the first one go`() {
        let sink = CollectingSink()
        var pipeline = JourneyPipeline(sinks: [sink], joinsRequestIDs: true)
        pipeline.ingest(SyntheticFrames.roundTrip(7, host: 100).encoded(), at: 0)
        pipeline.ingest(SyntheticFrames.roundTrip(7, host: 200).encoded(), at: 0)
        #expect(sink.journeys.map(\.host?.duration) == [100_000])
        pipeline.ingest(times, of: .id(7))
        #expect(sink.journeys.map(\.host?.duration) == [100_000, 200_000])
        pipeline.finish()
        #expect(sink.journeys.count == 2)
    }

    @Test func `times that a host reports later are added to those that it reported with the frame`() {
        let sink = CollectingSink()
        var pipeline = JourneyPipeline(sinks: [sink])
        pipeline.ingest(SyntheticFrames.roundTrip(1).encoded(), awaiting: 1, until: .max)
        pipeline.ingest(SyntheticFrames.roundTrip(2).encoded(), awaiting: 2, until: .max)
        pipeline.ingest(ClientTimes(received: 30), of: key(2))
        #expect(sink.journeys.map(\.requestID) == [2])
        #expect(sink.journeys.first?.client == ClientTimes(sent: 10, arrived: 20, received: 30))
        // Of a numbered request the frame comes first: what comes without one is of no use.
        pipeline.ingest(ClientTimes(received: 40), of: key(3))
        pipeline.ingest(SyntheticFrames.roundTrip(3).encoded(), awaiting: 3, until: .max)
        pipeline.finish()
        #expect(sink.journeys.map(\.client?.received) == [30, nil, nil])
    }

    @Test func `a journey goes on without its client's times when its deadline has passed`() {
        let sink = CollectingSink()
        var pipeline = JourneyPipeline(sinks: [sink])
        pipeline.ingest(SyntheticFrames.roundTrip(1).encoded(), awaiting: 1, until: 0)
        pipeline.ingest(SyntheticFrames.roundTrip(2).encoded(), awaiting: 2, until: .max)
        #expect(sink.journeys.isEmpty)
        pipeline.tick()
        #expect(sink.journeys.map(\.requestID) == [1])
        #expect(pipeline.view.counts.journeys == 1)
    }

    @Test func `no more journeys wait than the bound, and the oldest go first`() {
        let sink = CollectingSink()
        var pipeline = JourneyPipeline(sinks: [sink], joinsRequestIDs: true)
        for id in 0..<16_394 as Range<UInt32> { pipeline.ingest(SyntheticFrames.roundTrip(id).encoded(), at: 0) }
        #expect(sink.journeys.map(\.requestID) == Array(0..<10))
        pipeline.ingest(times, of: .id(16_000))
        #expect(sink.journeys.last?.client == times)
        pipeline.finish()
        #expect(sink.journeys.count == 16_394)
    }

    @Test func `two threads share a pipeline`() async {
        let pipeline = SharedPipeline(JourneyPipeline(joinsRequestIDs: true))
        await withDiscardingTaskGroup { group in
            group.addTask {
                for id in 0..<500 as Range<UInt32> {
                    let bytes = SyntheticFrames.roundTrip(id).encoded()
                    pipeline.ingest(bytes.span, FrameInfo(time: 0, originalLength: bytes.count))
                }
            }
            group.addTask {
                for id in 0..<500 as Range<UInt32> {
                    pipeline.ingest(ClientTimes(sent: 999_000_000, received: 1_000_300_000), of: .id(id))
                }
            }
        }
        let view = pipeline.finish()
        #expect(view.counts.complete == 500)
        #expect(view.statistics.rows.first { $0.kind == .clientLink(1, .out) }?.count == 500)
    }
}

/// Keeps the journeys in the order in which they were complete.
private final class CollectingSink: JourneySink {
    private(set) var journeys: [Journey] = []
    var failure: CollectorError? { nil }

    func accept(_ journey: Journey) { journeys.append(journey) }
    func finish(_ summary: Summary) {}
}

private func key(_ number: UInt32) -> RequestKey {
    .number(number, of: journey(SyntheticFrames.roundTrip(1)).flow)
}

extension JourneyPipeline {
    fileprivate mutating func ingest(_ bytes: [UInt8], awaiting number: UInt32, until deadline: UInt64) {
        ingest(
            bytes.span,
            FrameInfo(
                time: 0, originalLength: bytes.count, client: ClientTimes(sent: 10, arrived: 20),
                awaits: FrameInfo.AwaitedTimes(key(number), until: deadline)))
    }
}
