// SPDX-License-Identifier: Apache-2.0

import Addresses
import Journeys
import LinuxSystem
import Synchronization
import TelemetryFormats
import Testing
import TextLayout

@testable import Collector

/// Reports that a test hands over.
private final class HandedReports: HostReportInput {
    private let reports = Mutex<[HostReport]>([])

    func hand(_ report: HostReport) { reports.withLock { $0.append(report) } }

    func receive() -> [HostReport] {
        reports.withLock { reports in
            defer { reports = [] }
            return reports
        }
    }
}

private final class KeptJourneys: JourneySink {
    var journeys: [Journey] = []
    var summary: Summary?
    var failure: CollectorError? { nil }
    func accept(_ journey: Journey) { journeys.append(journey) }
    func finish(_ summary: Summary) { self.summary = summary }
}

@Suite("Requests that do not return") struct UnreturnedTests {
    private static let second: UInt64 = 1_000_000_000

    /// Of the request of `SyntheticFrames.split(id)`, as its host saw it.
    private static func report(
        _ id: UInt32, _ outcome: HostReport.Outcome = .answered(late: false), duration: Nanoseconds? = 100_000
    ) throws -> HostReport {
        let frame = SyntheticFrames.split(id)
        let isAnswered = if case .answered = outcome { true } else { false }
        let key = HostReport.Key(host: 9, ordinal: isAnswered ? UInt64(id) : 0)
        var report = HostReport(key, RequestIdentity(kind: .redis, operation: "PING"), outcome)
        var request = JourneyReport(
            flow: frame.report.flow, hops: Array(frame.report.hops.prefix(2)), requestHopCount: 2,
            encoding: frame.report.encoding, telemetry: TelemetrySize(header: 4, record: 36, records: 2))
        request.requestID = id
        request.host = HostMeasurement(
            ordinal: key.ordinal, duration: duration, details: HostDetails(hostID: 9, arrival: 1_000_045_000))
        report.request = request
        return report
    }

    private struct Run: ~Copyable {
        let reports = HandedReports()
        let sink = KeptJourneys()
        var pipeline: JourneyPipeline
        /// Of the monotonic clock, like that at which frames arrive.
        var now = DomainClock.monotonicNanoseconds()

        init(findsLostReplies: Bool = true) {
            pipeline = JourneyPipeline(
                sinks: [sink], hostReports: reports, findsLostReplies: findsLostReplies)
        }

        mutating func tick(after nanoseconds: UInt64 = 0) {
            now += nanoseconds
            pipeline.tick(at: 7, monotonic: now)
        }

        mutating func frame(_ id: UInt32) { pipeline.ingest(SyntheticFrames.split(id).encoded(), at: 5) }

        mutating func finish() -> Summary? {
            pipeline.finish()
            return sink.summary
        }
    }

    @Test(
        arguments: [
            (.unanswered, "unanswered"), (.noRoom(.mtu), "no_room_in_reply"), (.givenUp, "given_up_at_host"),
        ] as [(HostReport.Outcome, String)])
    func whatTheHostReportsIsAnIncompleteJourney(_ outcome: HostReport.Outcome, _ name: String) throws {
        var run = Run()
        let hasLeft = outcome == .noRoom(.mtu)
        run.reports.hand(try Self.report(3, outcome, duration: hasLeft ? 100_000 : nil))
        run.tick()
        let journey = try #require(run.sink.journeys.first)
        #expect(run.sink.journeys.count == 1)
        #expect(journey.missing.names == [name])
        #expect(!journey.isComplete && !journey.hasReturned && !journey.returnedLate)
        #expect(journey.hops.map(\.switchID) == [1, 2])
        #expect(journey.requestHopCount == 2)
        #expect(journey.time == 7)
        #expect(journey.total == nil)
        #expect(journey.identity?.operation == "PING")
        #expect(journey.parts.first { $0.kind == .serverLinkOneWay(2, .out) }?.duration == 10_000)
        #expect(journey.parts.first { $0.kind == .host }?.duration == (hasLeft ? 100_000 : nil))
        #expect(JourneyLine.text(journey, names: PlaceNames(), style: .plain).hasSuffix(name))
        #expect(try JourneyDocument(journey).line.contains("\"gaps\":[\"\(name)\"]"))
        var filter = JourneyFilter()
        filter.isIncomplete = true
        filter.ports = [1234]
        #expect(filter.admits(journey))
        let summary = run.finish()
        #expect(summary?.counts.notReturned == 1)
        #expect(summary?.counts.frames == 0)
        #expect(summary?.overhead.requests.count == 0)
    }

    @Test func aReplyWhoseJourneyDoesNotComeIsLost() throws {
        var run = Run()
        run.frame(1)
        run.reports.hand(try Self.report(1))
        run.reports.hand(try Self.report(2))
        run.tick()
        #expect(run.sink.journeys.map(\.isComplete) == [true])
        run.tick(after: Self.second)
        #expect(run.sink.journeys.count == 1)
        run.tick(after: 1)
        let lost = try #require(run.sink.journeys.last)
        #expect(lost.missing == .replyLost)
        #expect(lost.host?.ordinal == 2)
        #expect(lost.host?.duration == 100_000)
        let summary = run.finish()
        #expect(
            summary?.lines().contains(
                "1 requests did not return: 0 no room, 0 unanswered, 1 reply lost, 0 given up at the host") == true)
        let json = try summary?.json() ?? ""
        #expect(
            json.contains(
                "\"unreturned\":{\"given_up\":0,\"no_room\":0,\"reply_lost\":1,\"requests\":1,\"returned_late\":0,"
                    + "\"unanswered\":0,\"unseen\":0}"))
    }

    @Test func aJourneyThatComesLateSaysSo() throws {
        var run = Run()
        run.frame(1)
        run.reports.hand(try Self.report(1))
        run.reports.hand(try Self.report(2))
        run.tick()
        run.tick(after: Self.second + 1)
        run.frame(2)
        let late = try #require(run.sink.journeys.last)
        #expect(late.isComplete && late.returnedLate)
        #expect(late.identity?.operation == "PING")
        #expect(try JourneyDocument(late).line.contains("\"returned_late\":true"))
        #expect(JourneyLine.text(late, names: PlaceNames(), style: .plain).hasSuffix("returned late"))
        #expect(run.finish()?.counts.returnedLate == 1)
    }

    @Test func aJourneyThatCameBeforeItsReportIsNotLost() throws {
        var run = Run()
        run.frame(1)
        run.tick(after: HostReportJoin.patience + Self.second)
        #expect(run.sink.journeys.count == 1)
        run.reports.hand(try Self.report(1))
        run.tick()
        run.tick(after: Self.second + 1)
        #expect(run.sink.journeys.count == 1)
        #expect(run.finish()?.unseen == 0)
    }

    @Test func ofAClientWithoutJourneysNothingIsConcluded() throws {
        var run = Run()
        run.reports.hand(try Self.report(2))
        run.tick()
        run.tick(after: Self.second + 1)
        #expect(run.sink.journeys.isEmpty)
        let summary = run.finish()
        #expect(summary?.unseen == 1)
        #expect(summary?.counts.notReturned == 0)
    }

    @Test func lostRepliesAreNotFoundWhereTheyAreNotToBe() throws {
        var run = Run(findsLostReplies: false)
        run.frame(1)
        run.reports.hand(try Self.report(2))
        run.reports.hand(try Self.report(3, .unanswered, duration: nil))
        run.tick()
        run.tick(after: 2 * Self.second)
        #expect(run.finish()?.counts.missing == [.unanswered: 1])
    }

    @Test func aReportWithoutTheRequestIsOnlyJoined() throws {
        var run = Run()
        run.frame(1)
        var report = try Self.report(2)
        report.request = nil
        run.reports.hand(report)
        run.tick()
        run.tick(after: Self.second + 1)
        #expect(run.sink.journeys.count == 1)
        // Its journey comes after that, and still gets it.
        run.frame(2)
        #expect(run.sink.journeys.last?.identity?.operation == "PING")
        #expect(run.sink.journeys.last?.returnedLate == false)
    }

    @Test func aRequestThatWasReportedAsUnansweredComesLate() throws {
        var run = Run()
        run.reports.hand(try Self.report(1, .unanswered, duration: nil))
        run.reports.hand(try Self.report(1, .answered(late: true)))
        run.tick()
        run.frame(1)
        #expect(run.sink.journeys.map(\.returnedLate) == [false, true])
    }
}
