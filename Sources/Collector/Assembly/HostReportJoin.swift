// SPDX-License-Identifier: Apache-2.0

internal import Journeys

/// Brings together journeys and what the agents of their servers report, in whichever order they come.
///
/// A pure value: the caller supplies the time. Bounded: when too many wait, the one that came first goes on alone; of
/// reports that came early, the latest are kept.
struct HostReportJoin: Sendable {
    private struct Turn: Sendable {
        var key: HostReport.Key
        var deadline: UInt64
    }

    /// Nanoseconds that a journey waits for its report.
    static let patience: UInt64 = 300_000_000
    /// The most journeys that wait.
    static let capacity = 16_384

    private var waiting: [HostReport.Key: ClientJoin.Report] = [:]
    /// In the order of arrival. Those before `first` are done.
    private var turns: [Turn] = []
    private var first = 0
    private var newer: [HostReport.Key: HostReport] = [:]
    private var older: [HostReport.Key: HostReport] = [:]

    /// The report that came before its journey.
    mutating func removeEarly(_ key: HostReport.Key) -> HostReport? {
        newer.removeValue(forKey: key) ?? older.removeValue(forKey: key)
    }

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
        while waiting.count > Self.capacity, first < turns.count {
            if let oldest = removeFirst() { ready.append(oldest) }
        }
        return ready
    }

    /// - Returns: the journey that waited for it; without one, the report is kept for a while.
    mutating func accept(_ report: HostReport) -> ClientJoin.Report? {
        if let found = waiting.removeValue(forKey: report.key) { return found }
        if newer.count >= Self.capacity {
            older = newer
            newer = [:]
        }
        newer[report.key] = report
        return nil
    }

    /// - Parameter now: nanoseconds of the monotonic clock.
    /// - Returns: the journeys that have waited in vain.
    mutating func expire(at now: UInt64) -> [ClientJoin.Report] {
        var ready: [ClientJoin.Report] = []
        while first < turns.count, turns[first].deadline < now || waiting[turns[first].key] == nil {
            if let report = removeFirst() { ready.append(report) }
        }
        return ready
    }

    /// - Returns: all journeys that still wait, at the end of a run.
    mutating func finish() -> [ClientJoin.Report] {
        var ready: [ClientJoin.Report] = []
        while first < turns.count { if let report = removeFirst() { ready.append(report) } }
        return ready
    }

    private mutating func removeFirst() -> ClientJoin.Report? {
        let turn = turns[first]
        first += 1
        if first >= 1024, first * 2 >= turns.count {
            turns.removeFirst(first)
            first = 0
        }
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
