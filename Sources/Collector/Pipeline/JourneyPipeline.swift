// SPDX-License-Identifier: Apache-2.0

internal import Addresses
public import Journeys
internal import LinuxSystem
public import TelemetryFormats

/// Everything between a source and the sinks: decode, assembly, and the view of what is known so far.
///
/// It reads no socket and no file, so it is tested with bytes alone. A sink that fails keeps its first failure and
/// ignores what comes after it; the other sinks and the source go on.
public struct JourneyPipeline: JourneyInput, ~Copyable {
    private static let oneSecond: UInt64 = 1_000_000_000

    /// What is known so far.
    public private(set) var view = JourneyView()
    private var decoder: FrameDecoder
    private var join = ClientJoin()
    private var hostJoin = HostReportJoin()
    private var replyJoin: ReplyJoin
    private let hostReports: (any HostReportInput)?
    private let findsLostReplies: Bool
    private let joinsRequestIDs: Bool
    private let expected: ExpectedNodes
    private let sinks: [any JourneySink]
    private let onFailure: (CollectorError) -> Void
    /// Sinks whose failure was reported, by their index.
    private var failed: Set<Int> = []
    /// When the current second began, nanoseconds of the monotonic clock; nil before its first tick.
    private var second: UInt64?

    /// - Parameters:
    ///   - decoder: decodes the frames.
    ///   - sinks: receive every frame and journey, in this order.
    ///   - joinsRequestIDs: true: a complete journey waits for its client's times, which come under its request id, if
    ///     need be until the end.
    ///   - hostReports: asked for reports of hosts at every tick; journeys wait a moment for theirs.
    ///   - replyPatience: nanoseconds that a journey over TCP whose host's agent reports waits for its complete reply.
    ///   - findsLostReplies: whether the reply of a report without a journey counts as lost.
    ///   - expected: journeys with reports of other nodes are marked.
    ///   - onFailure: gets each sink's first failure when it is noticed, within about a second.
    public init(
        decoder: TelemetryDecoder = TelemetryDecoder(), sinks: [any JourneySink] = [], joinsRequestIDs: Bool = false,
        hostReports: (any HostReportInput)? = nil, replyPatience: UInt64 = 1_000_000_000, findsLostReplies: Bool = true,
        expected: ExpectedNodes = ExpectedNodes(),
        onFailure: @escaping (CollectorError) -> Void = { _ in }
    ) {
        self.decoder = FrameDecoder(decoder)
        self.sinks = sinks
        self.joinsRequestIDs = joinsRequestIDs
        self.hostReports = hostReports
        replyJoin = ReplyJoin(patience: replyPatience)
        self.findsLostReplies = findsLostReplies
        self.expected = expected
        self.onFailure = onFailure
    }

    /// Decodes one frame; the journey that it reports goes to the view and the sinks, at once or with the client's
    /// times.
    public mutating func ingest(_ bytes: Span<UInt8>, _ info: FrameInfo) {
        for sink in sinks { sink.accept(frame: bytes, info) }
        let outcome = decoder.decode(bytes, at: info.time)
        view.count(outcome)
        guard case .report(let decoded) = outcome else { return }
        if hostReports != nil, let key = HostReport.Key(decoded) {
            hostJoin.noteReturn(key, of: decoded, at: DomainClock.monotonicNanoseconds())
        }
        let report = ClientJoin.Report(report: decoded, time: info.time, client: info.client)
        guard let awaited = info.awaits ?? awaitedByRequestID(decoded) else { return complete(report) }
        for ready in join.accept(report, awaiting: awaited.key, until: awaited.deadline) { complete(ready) }
    }

    /// Completes the journey that waits for these times, or keeps them for the journey to come.
    public mutating func ingest(_ times: ClientTimes, of request: RequestKey) {
        if let ready = join.accept(times, of: request) { complete(ready) }
    }

    /// Completes the journeys that have waited too long, and once per second flushes the sinks.
    public mutating func tick() {
        tick(at: DomainClock.nanoseconds(), monotonic: DomainClock.monotonicNanoseconds())
    }

    /// - Parameters:
    ///   - time: nanoseconds of the domain's clock.
    ///   - monotonic: nanoseconds of a clock that nobody sets.
    mutating func tick(at time: UInt64, monotonic: UInt64) {
        for ready in join.expire(at: time) { complete(ready) }
        acceptReports(at: time, monotonic: monotonic)
        for ready in hostJoin.expire(at: monotonic) { finish(ready, nil) }
        for ready in replyJoin.expire(at: monotonic) { pass(ready.report, ready.hostReport) }
        let lost = hostJoin.lostReplies(at: monotonic)
        if findsLostReplies { for report in lost { complete(unreturned: report, .replyLost, at: time) } }
        let start = second ?? monotonic
        second = start
        guard monotonic &- start >= Self.oneSecond else { return }
        second = nil
        for (index, sink) in sinks.enumerated() {
            sink.flush(view)
            if let failure = sink.failure, failed.insert(index).inserted { onFailure(failure) }
        }
    }

    /// The end of the run: completes the journeys that still wait, then the sinks.
    /// - Parameter lostFrames: frames that were lost before the source could read them.
    public mutating func finish(lostFrames: UInt64 = 0) {
        for ready in join.finish() { complete(ready) }
        acceptReports(at: DomainClock.nanoseconds(), monotonic: DomainClock.monotonicNanoseconds())
        for ready in hostJoin.finish() { finish(ready, nil) }
        for ready in replyJoin.finish() { pass(ready.report, ready.hostReport) }
        view.recordUnseen(hostJoin.unseen)
        let summary = Summary(view, lostFrames: lostFrames)
        for sink in sinks { sink.finish(summary) }
    }

    /// The first failure of the first sink that has one; nil without any.
    public var failure: CollectorError? {
        for sink in sinks { if let failure = sink.failure { return failure } }
        return nil
    }

    private func awaitedByRequestID(_ report: JourneyReport) -> FrameInfo.AwaitedTimes? {
        guard joinsRequestIDs, let id = report.requestID, report.isComplete else { return nil }
        return FrameInfo.AwaitedTimes(.id(id), until: .max)
    }

    /// Of a host whose agent reports, the journey waits for that.
    private mutating func complete(_ report: ClientJoin.Report) {
        guard hostReports != nil, let key = HostReport.Key(report.report) else { return finish(report, nil) }
        if let early = hostJoin.removeEarly(key) { return finish(report, early) }
        for ready in hostJoin.wait(report, for: key, since: DomainClock.monotonicNanoseconds()) { finish(ready, nil) }
    }

    /// Of a reply over TCP, the journey waits for its end.
    private mutating func finish(_ report: ClientJoin.Report, _ hostReport: HostReport?) {
        guard let hostReport, report.report.flow.ipProtocol == .tcp, hostReport.reply == nil else {
            return pass(report, hostReport)
        }
        let waiting = ReplyJoin.Waiting(report: report, hostReport: hostReport)
        for ready in replyJoin.wait(waiting, since: DomainClock.monotonicNanoseconds()) {
            pass(ready.report, ready.hostReport)
        }
    }

    private mutating func pass(_ report: ClientJoin.Report, _ hostReport: HostReport?) {
        let isLate = HostReport.Key(report.report).map { hostJoin.wasDeclaredLost($0) } ?? false
        finish(
            Journey(
                report.report, seenAt: report.time, client: report.client, hostReport: hostReport, returnedLate: isLate,
                expected: expected))
    }

    private mutating func finish(_ journey: Journey) {
        view.record(journey)
        for sink in sinks { sink.accept(journey) }
    }

    /// - Parameters:
    ///   - time: nanoseconds of the domain's clock.
    ///   - monotonic: nanoseconds of a clock that nobody sets.
    private mutating func acceptReports(at time: UInt64, monotonic: UInt64) {
        for report in hostReports?.receive() ?? [] {
            if report.outcome == .completion {
                if let reply = report.reply, let ready = replyJoin.accept(reply, of: report.key) {
                    pass(ready.report, ready.hostReport)
                }
            } else if let reason = report.outcome.missing {
                complete(unreturned: report, reason, at: time)
            } else if let ready = hostJoin.accept(report, at: monotonic) {
                finish(ready, report)
            }
        }
    }

    private mutating func complete(unreturned report: HostReport, _ reason: MissingData, at time: UInt64) {
        if let journey = Journey(unreturned: report, seenAt: time, because: reason, expected: expected) {
            finish(journey)
        }
    }
}

extension JourneyPipeline {
    /// Feeds the pipeline from a source until it ends or `stop` becomes readable, then finishes.
    ///
    /// What was seen before a source failed is finished too, unless nothing of a file could be read.
    /// - Throws: what ended the source early, else the first failure of a sink.
    public mutating func run(_ source: inout some JourneySource & ~Copyable, until stop: Int32) throws {
        var cause: (any Error)?
        do {
            try source.run(into: &self, until: stop)
        } catch {
            cause = error
        }
        let isUnreadableFile = (cause as? CollectorError)?.code == .pcapFile && view.counts.frames == 0
        if !isUnreadableFile { finish(lostFrames: source.lostFrames()) }
        if let failure = cause ?? failure { throw failure }
    }
}
