// SPDX-License-Identifier: Apache-2.0

import Addresses
import Collector
import Journeys
import TelemetryFormats
import Testing
import TextLayout

/// Which journeys a sink gets.
@Suite struct FilterTests {
    private final class Keeping: JourneySink {
        var journeys: [Journey] = []
        var isFinished = false
        var failure: CollectorError? { nil }
        func accept(_ journey: Journey) { journeys.append(journey) }
        func finish(_ summary: Summary) { isFinished = true }
    }

    /// A round trip of s1 and s2 from 10.0.1.1:50000 to 10.0.2.2:1234 in 290 us, and a request without an answer.
    private let complete = journey(SyntheticFrames.roundTrip(1))
    private let incomplete = journey(SyntheticFrames.oneWay(2))

    private func admitted(_ change: (inout JourneyFilter) -> Void) -> [Bool] {
        var filter = JourneyFilter()
        change(&filter)
        return [complete, incomplete].map(filter.admits)
    }

    @Test func `every condition that is set must hold`() throws {
        let client = try IPPrefix(network: "10.0.1.0/24")
        let server = try IPPrefix(network: "10.0.2.2")
        let other = try IPPrefix(network: "fd00::/16")
        #expect(admitted { _ in } == [true, true])
        #expect(admitted { $0.hosts = [client] } == [true, true])
        #expect(admitted { $0.hosts = [other, server] } == [true, true])
        #expect(admitted { $0.hosts = [other] } == [false, false])
        #expect(admitted { $0.ports = [1234] } == [true, true])
        #expect(admitted { $0.ports = [80] } == [false, false])
        #expect(admitted { $0.switches = [7, 2] } == [true, true])
        #expect(admitted { $0.switches = [7] } == [false, false])
        #expect(admitted { $0.isIncomplete = true } == [false, true])
        #expect(admitted { $0.slowerThan = complete.duration } == [false, false])
        #expect(admitted { $0.slowerThan = 189_999 } == [true, false])
        #expect(
            admitted {
                $0.ports = [1234]
                $0.isIncomplete = true
                $0.hosts = [server]
            } == [false, true])
    }

    @Test func `journeys with a switch or host that is not expected are marked, counted and filtered`() throws {
        let frame = SyntheticFrames.split(3)
        let report = frame.report
        let every = ExpectedNodes(switches: [1, 2], hosts: [9])
        #expect(Journey(report, seenAt: 0, expected: every).unexpectedNodes == [])
        #expect(Journey(report, seenAt: 0).unexpectedNodes == [])
        let some = ExpectedNodes(switches: [1], hosts: [7])
        #expect(some.unexpected(in: report) == [.networkSwitch(2), .host(9)])
        #expect(ExpectedNodes(switches: [1]).unexpected(in: report) == [.networkSwitch(2)])

        let inner = Keeping()
        var filter = JourneyFilter()
        filter.isUnexpected = true
        var pipeline = JourneyPipeline(sinks: [FilteringSink(filter, inner)], expected: ExpectedNodes(hosts: [7]))
        pipeline.ingest(frame.encoded(), at: 0)
        pipeline.ingest(SyntheticFrames.roundTrip(4).encoded(), at: 1)
        pipeline.finish()
        let marked = try #require(inner.journeys.first)
        #expect(inner.journeys.count == 1 && marked.unexpectedNodes == [.host(9)])
        #expect(pipeline.view.counts.byReason.contains { $0.reason == "unexpected_node" && $0.count == 1 })
        #expect(try JourneyDocument(marked).line.contains("\"unexpected_nodes\":[\"host 9\"]"))
        #expect(JourneyCSV.row(marked, isWide: false).hasSuffix(",host 9\n"))
        #expect(JourneyLine.text(marked, names: PlaceNames(), style: .plain).contains("unexpected: host 9"))
    }

    @Test func `the slowest of each second are passed on, slowest first`() {
        let inner = Keeping()
        let sink = SlowestSink(2, inner)
        for host in [100, 300, 50, 200] as [UInt64] { sink.accept(journey(SyntheticFrames.roundTrip(1, host: host))) }
        #expect(inner.journeys.isEmpty)
        sink.flush(JourneyView())
        let first = inner.journeys.map { $0.host?.duration?.count }
        #expect(first == [300_000, 200_000])
        sink.accept(journey(SyntheticFrames.roundTrip(1, host: 10)))
        sink.finish(Summary(JourneyView()))
        #expect(inner.journeys.count == 3)
        #expect(inner.isFinished)
    }

    @Test func `a filter passes the summary on`() {
        let inner = Keeping()
        var filter = JourneyFilter()
        filter.isIncomplete = true
        let sink = FilteringSink(filter, inner)
        sink.accept(complete)
        sink.accept(incomplete)
        sink.finish(Summary(JourneyView()))
        #expect(inner.journeys == [incomplete])
        #expect(inner.isFinished)
    }
}
