// SPDX-License-Identifier: Apache-2.0

internal import Journeys
internal import RequestParsing
internal import TelemetryFormats

/// Makes a report of the events of each request: when its reply leaves with telemetry, when it is certain that none takes
/// it any more, or when the request has waited long enough.
///
/// A pure value: the caller supplies the time, nanoseconds of CLOCK_MONOTONIC. Bounded: when too many requests are open,
/// the one that came first is forgotten.
struct OpenRequests: Sendable {
    /// What became of requests, other than a reply with telemetry.
    struct Counts: Sendable, Hashable {
        /// Reported: no reply in time.
        var unanswered: UInt64 = 0
        /// Reported: the reply had no room.
        var noRoom: UInt64 = 0
        /// Reported: the host gave the telemetry up.
        var givenUp: UInt64 = 0
        /// Not reported: events were lost while it was open, so that its reply may have left, or too many were open.
        var unclear: UInt64 = 0
    }

    private struct Request: Sendable {
        var identity: RequestIdentity
        var telemetry: RequestTelemetry
        var host: HostID
        var plain: Plain?
    }

    private struct Plain: Sendable {
        var obstacle: HostReport.Obstacle
        var took: UInt64
    }

    private struct Turn: Sendable {
        var arrival: RequestEvent.Arrival
        var deadline: UInt64
    }

    /// Nanoseconds after a plain reply in which a later frame may still take the telemetry, and a little more.
    static let carryPatience: UInt64 = 1_100_000_000

    private(set) var counts = Counts()
    private let patience: UInt64
    private let capacity: Int
    /// What is added to a time of CLOCK_MONOTONIC to make it one of the domain's clock.
    private var clockOffset: UInt64 = 0
    private var identities: RequestIdentities
    private var open: [RequestEvent.Arrival: Request] = [:]
    /// In the order of arrival; some are done.
    private var turns = Queue<Turn>()
    /// In the order of their plain replies; some are done.
    private var plainTurns = Queue<Turn>()
    /// Reported as unanswered; their replies may still leave.
    private var reported: Generations<RequestEvent.Arrival, Request>
    private var lossTime: UInt64 = 0

    /// - Parameters:
    ///   - patience: nanoseconds until a request counts as unanswered.
    ///   - capacity: the most requests that are open.
    init(_ rules: IdentityRules, patience: UInt64, capacity: Int = 32_768) {
        identities = RequestIdentities(rules)
        self.patience = patience
        self.capacity = capacity
        reported = Generations(capacity: capacity / 4)
    }

    /// Requests that are open.
    var count: Int { open.count }

    /// Sets the time of the domain's clock that is the same as `monotonic`.
    mutating func setClock(_ domain: UInt64, at monotonic: UInt64) { clockOffset = domain &- monotonic }

    /// Events were lost until now: what is open may have been answered.
    mutating func noteLoss(at now: UInt64) { lossTime = now }

    /// - Returns: the report that is complete by this event.
    mutating func accept(_ event: RequestEvent) -> HostReportFormat.Message? {
        switch event.kind {
        case .request(let telemetry, let head):
            let identity = identities.identity(of: telemetry.flow, head)
            add(Request(identity: identity, telemetry: telemetry, host: event.host), event.arrival)
            return nil
        case .answer(let ordinal, let record): return answer(event, ordinal, record)
        case .plain(let obstacle, let took):
            guard open[event.arrival] != nil else { return nil }
            open[event.arrival]?.plain = Plain(obstacle: obstacle, took: took)
            plainTurns.append(
                Turn(arrival: event.arrival, deadline: event.arrival.time &+ took &+ Self.carryPatience))
            return nil
        case .dropped(let drop): return dropped(drop, event.arrival)
        }
    }

    /// Whether `expire` may have something to report.
    func hasDue(at now: UInt64) -> Bool {
        [turns.first, plainTurns.first].contains { $0.map { $0.deadline < now } ?? false }
    }

    /// - Returns: reports of the requests that have waited long enough.
    mutating func expire(at now: UInt64) -> [HostReportFormat.Message] {
        var messages: [HostReportFormat.Message] = []
        while let turn = plainTurns.first, turn.deadline < now {
            plainTurns.removeFirst()
            if let message = close(turn.arrival, .unanswered) { messages.append(message) }
        }
        while let turn = turns.first, turn.deadline < now {
            turns.removeFirst()
            // One whose reply has left waits for its other turn.
            guard let request = open[turn.arrival], request.plain == nil else { continue }
            if let message = close(turn.arrival, .unanswered) { messages.append(message) }
        }
        return messages
    }

    private mutating func add(_ request: Request, _ arrival: RequestEvent.Arrival) {
        open[arrival] = request
        turns.append(Turn(arrival: arrival, deadline: arrival.time &+ patience))
        while open.count > capacity, let turn = turns.first {
            turns.removeFirst()
            if open.removeValue(forKey: turn.arrival) != nil { counts.unclear += 1 }
        }
        if turns.count > 2 * open.count + 1024 {
            let stillOpen = open
            turns.keep { stillOpen[$0.arrival] != nil }
        }
    }

    private mutating func answer(
        _ event: RequestEvent, _ ordinal: UInt64, _ record: HostMeasurement?
    ) -> HostReportFormat.Message? {
        let wasReported = reported[event.arrival] != nil
        guard let request = open.removeValue(forKey: event.arrival) ?? reported.remove(event.arrival) else {
            return nil
        }
        let report = HostReport(
            HostReport.Key(host: event.host, ordinal: ordinal), request.identity, .answered(late: wasReported))
        // A journey of a record that does not name its host cannot be recognized, so its absence says nothing.
        guard let record else { return HostReportFormat.Message(report) }
        return HostReportFormat.Message(report, request: request.telemetry, host: record)
    }

    private mutating func dropped(_ drop: RequestEvent.Drop, _ arrival: RequestEvent.Arrival) -> HostReportFormat
        .Message?
    {
        switch drop {
        case .superseded where open[arrival]?.plain == nil:
            open[arrival] = nil
            return nil
        case .evicted: return close(arrival, .givenUp)
        case .superseded, .closed: return close(arrival, .unanswered)
        }
    }

    /// Ends a request that no reply with telemetry answers.
    /// - Parameter outcome: unless its reply left without.
    private mutating func close(
        _ arrival: RequestEvent.Arrival, _ outcome: HostReport.Outcome
    ) -> HostReportFormat.Message? {
        guard let request = open.removeValue(forKey: arrival) else { return nil }
        guard arrival.time > lossTime else {
            counts.unclear += 1
            return nil
        }
        let outcome = request.plain.map { HostReport.Outcome.noRoom($0.obstacle) } ?? outcome
        count(outcome)
        if outcome == .unanswered { reported[arrival] = request }
        let details = HostDetails(
            hostID: request.host, processor: UInt16(truncatingIfNeeded: arrival.processor),
            arrival: arrival.time &+ clockOffset)
        return HostReportFormat.Message(
            HostReport(HostReport.Key(host: request.host, ordinal: 0), request.identity, outcome),
            request: request.telemetry,
            host: HostMeasurement(
                ordinal: 0, duration: request.plain.flatMap { Nanoseconds(measured: $0.took) }, details: details))
    }

    private mutating func count(_ outcome: HostReport.Outcome) {
        switch outcome {
        case .noRoom: counts.noRoom += 1
        case .givenUp: counts.givenUp += 1
        default: counts.unanswered += 1
        }
    }
}

/// First in, first out.
private struct Queue<Element: Sendable>: Sendable {
    private var elements: [Element] = []
    private var start = 0

    var count: Int { elements.count - start }
    var first: Element? { start < elements.count ? elements[start] : nil }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func removeFirst() {
        start += 1
        guard start >= 1024, start * 2 >= elements.count else { return }
        elements.removeFirst(start)
        start = 0
    }

    mutating func keep(_ isKept: (Element) -> Bool) {
        elements = elements[start...].filter(isKept)
        start = 0
    }
}
