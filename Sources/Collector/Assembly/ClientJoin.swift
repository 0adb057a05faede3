// SPDX-License-Identifier: Apache-2.0

internal import Journeys

/// Brings together what a frame reports of a request and what its client reports separately, in whichever order they
/// come.
///
/// A pure value: the caller supplies the time. Bounded: when too many reports wait, the one that came first goes on
/// without its client's times.
struct ClientJoin: Sendable {
    /// A decoded frame on its way to become a journey.
    struct Report: Sendable {
        var report: JourneyReport
        /// When its frame arrived, nanoseconds of the domain's clock.
        var time: UInt64
        var client: ClientTimes?
    }

    private struct Waiting: Sendable {
        var report: Report
        /// Distinguishes it from a later one under the same key.
        var serial: UInt64
    }

    private struct Turn: Sendable {
        var key: RequestKey
        var serial: UInt64
        var deadline: UInt64
    }

    /// The most reports that wait.
    static let capacity = 16_384

    private var waiting: [RequestKey: Waiting] = [:]
    /// In the order of arrival. Those before `first` are done, and others may have met their client's times.
    private var turns: [Turn] = []
    private var first = 0
    private var serial: UInt64 = 0
    private var early = EarlyTimes()

    /// Accepts a report whose client's times come under `key`.
    /// - Parameter deadline: until when it waits for them, nanoseconds of the domain's clock.
    /// - Returns: the reports that are ready by this.
    mutating func accept(_ report: Report, awaiting key: RequestKey, until deadline: UInt64) -> [Report] {
        if let times = early.remove(key) { return [report.joined(with: times)] }
        serial += 1
        var ready: [Report] = []
        if let other = waiting.updateValue(Waiting(report: report, serial: serial), forKey: key) {
            ready.append(other.report)
        }
        turns.append(Turn(key: key, serial: serial, deadline: deadline))
        while waiting.count > Self.capacity, first < turns.count {
            if let oldest = removeFirst() { ready.append(oldest) }
        }
        return ready
    }

    /// Accepts times of a client.
    /// - Returns: the report that waited for them; without one, times under a request id are kept for a while.
    mutating func accept(_ times: ClientTimes, of key: RequestKey) -> Report? {
        if let found = waiting.removeValue(forKey: key) { return found.report.joined(with: times) }
        // Of a numbered request the frame always comes first.
        if case .id = key { early.add(times, of: key) }
        return nil
    }

    /// - Parameter now: nanoseconds of the domain's clock.
    /// - Returns: the reports that have waited in vain.
    mutating func expire(at now: UInt64) -> [Report] {
        var ready: [Report] = []
        while first < turns.count, turns[first].deadline < now || isDone(turns[first]) {
            if let report = removeFirst() { ready.append(report) }
        }
        return ready
    }

    /// - Returns: all reports that still wait, at the end of a run.
    mutating func finish() -> [Report] {
        var ready: [Report] = []
        while first < turns.count { if let report = removeFirst() { ready.append(report) } }
        return ready
    }

    private func isDone(_ turn: Turn) -> Bool { waiting[turn.key]?.serial != turn.serial }

    /// Removes the turn that came first.
    /// - Returns: its report, unless that is done.
    private mutating func removeFirst() -> Report? {
        let turn = turns[first]
        first += 1
        if first >= 1024, first * 2 >= turns.count {
            turns.removeFirst(first)
            first = 0
        }
        return isDone(turn) ? nil : waiting.removeValue(forKey: turn.key)?.report
    }
}

extension ClientJoin.Report {
    /// With the times that `later` has and the report lacks.
    fileprivate func joined(with later: ClientTimes) -> ClientJoin.Report {
        var joined = self
        var times = client ?? ClientTimes()
        times.sent = times.sent ?? later.sent
        times.arrived = times.arrived ?? later.arrived
        times.received = times.received ?? later.received
        joined.client = times
        return joined
    }
}

/// Clients' times whose frame has not come yet; with sampling, most frames never will.
///
/// Bounded: holds between one and two generations of the latest.
private struct EarlyTimes: Sendable {
    private static let generation = 16_384

    private var newer: [RequestKey: ClientTimes] = [:]
    private var older: [RequestKey: ClientTimes] = [:]

    mutating func add(_ times: ClientTimes, of key: RequestKey) {
        if newer.count >= Self.generation {
            older = newer
            newer.removeAll(keepingCapacity: true)
        }
        newer[key] = times
    }

    mutating func remove(_ key: RequestKey) -> ClientTimes? {
        newer.removeValue(forKey: key) ?? older.removeValue(forKey: key)
    }
}
