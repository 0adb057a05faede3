// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import Journeys

/// Brings together journeys and what the agents of their servers report, in whichever order they come, and finds the
/// reports whose journey does not come.
///
/// A pure value: the caller supplies the time. Bounded: when too many wait, the one that came first goes on alone; of
/// reports without a journey, the one that came first is forgotten.
struct HostReportJoin: Sendable {
    private struct Turn: Sendable {
        var key: HostReport.Key
        var deadline: UInt64
    }

    /// Nanoseconds that a journey waits for its report.
    static let patience: UInt64 = 300_000_000
    /// Nanoseconds that a report waits for its journey.
    static let reportPatience: UInt64 = 1_000_000_000
    /// The most journeys that wait, and the most reports.
    static let capacity = 16_384

    private var waiting: [HostReport.Key: ClientJoin.Report] = [:]
    private var turns = TurnQueue<Turn>()
    private var early: [HostReport.Key: HostReport] = [:]
    private var earlyTurns = TurnQueue<Turn>()
    /// Reports that have waited: their journeys may still wait for their clients' times, or come late.
    private var kept = RecentKeys<HostReport>(capacity: 2 * capacity)
    private var returned = ReturnedJourneys()
    /// Reports whose journey did not come, and of whose client none ever came: another collector may have it.
    private(set) var unseen: UInt64 = 0

    /// A journey's frame has come; the journey may still wait for its client's times.
    /// - Parameter now: nanoseconds of the monotonic clock.
    mutating func noteReturn(_ key: HostReport.Key, of report: JourneyReport, at now: UInt64) {
        returned.note(key, of: report, at: now)
    }

    /// The report that came before its journey.
    mutating func removeEarly(_ key: HostReport.Key) -> HostReport? {
        early.removeValue(forKey: key) ?? kept.remove(key)
    }

    /// Whether the journey was taken for one that did not return.
    mutating func wasDeclaredLost(_ key: HostReport.Key) -> Bool { returned.wasDeclaredLost(key) }

    /// Has a journey wait.
    /// - Parameter now: nanoseconds of the monotonic clock.
    /// - Returns: the journeys that go on alone by this.
    mutating func wait(_ report: ClientJoin.Report, for key: HostReport.Key, since now: UInt64) -> [ClientJoin.Report] {
        var ready: [ClientJoin.Report] = []
        if let other = waiting.updateValue(report, forKey: key) {
            ready.append(other)
        } else {
            turns.append(Turn(key: key, deadline: now &+ Self.patience))
        }
        while waiting.count > Self.capacity, turns.first != nil {
            if let oldest = removeFirst() { ready.append(oldest) }
        }
        return ready
    }

    /// Accepts the report of an answered request.
    /// - Returns: the journey that waited for it; without one, the report waits.
    mutating func accept(_ report: HostReport, at now: UInt64) -> ClientJoin.Report? {
        if let found = waiting.removeValue(forKey: report.key) { return found }
        if early.updateValue(report, forKey: report.key) == nil {
            earlyTurns.append(Turn(key: report.key, deadline: now &+ Self.reportPatience))
        }
        while early.count > Self.capacity, let oldest = earlyTurns.first {
            earlyTurns.removeFirst()
            early[oldest.key] = nil
        }
        return nil
    }

    /// - Parameter now: nanoseconds of the monotonic clock.
    /// - Returns: the journeys that have waited in vain.
    mutating func expire(at now: UInt64) -> [ClientJoin.Report] {
        var ready: [ClientJoin.Report] = []
        while let turn = turns.first, turn.deadline < now || waiting[turn.key] == nil {
            if let report = removeFirst() { ready.append(report) }
        }
        return ready
    }

    /// - Parameter now: nanoseconds of the monotonic clock.
    /// - Returns: the reports whose journey has not come, of clients whose journeys do come.
    mutating func lostReplies(at now: UInt64) -> [HostReport] {
        var lost: [HostReport] = []
        while let turn = earlyTurns.first, turn.deadline < now || early[turn.key] == nil {
            earlyTurns.removeFirst()
            guard let report = early.removeValue(forKey: turn.key) else { continue }
            kept[turn.key] = report
            guard let request = report.request, !returned.hasReturned(turn.key, at: now) else { continue }
            guard returned.isKnown(client: request.flow.source, of: turn.key.host) else {
                unseen += 1
                continue
            }
            returned.declareLost(turn.key)
            lost.append(report)
        }
        return lost
    }

    /// - Returns: all journeys that still wait, at the end of a run.
    mutating func finish() -> [ClientJoin.Report] {
        var ready: [ClientJoin.Report] = []
        while turns.first != nil { if let report = removeFirst() { ready.append(report) } }
        return ready
    }

    private mutating func removeFirst() -> ClientJoin.Report? {
        guard let turn = turns.first else { return nil }
        turns.removeFirst()
        return waiting.removeValue(forKey: turn.key)
    }
}

extension HostReport.Key {
    /// What a report of this journey would come under; nil where the frame does not name its host.
    init?(_ report: JourneyReport) {
        guard let host = report.host, let id = host.details?.hostID else { return nil }
        self.init(host: id, ordinal: host.ordinal)
    }
}
