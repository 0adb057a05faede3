// SPDX-License-Identifier: Apache-2.0

internal import Journeys

/// Has journeys over TCP wait until their reply is complete: their server's agent reports it by itself, once the client has
/// acknowledged all of it.
///
/// A pure value: the caller supplies the time. Bounded: when too many wait, the one that came first goes on without; of
/// completions that came early, the latest are kept.
struct ReplyJoin: Sendable {
    /// A journey on its way, with what its agent reported so far.
    struct Waiting: Sendable {
        var report: ClientJoin.Report
        var hostReport: HostReport
    }

    private struct Turn: Sendable {
        var key: HostReport.Key
        var deadline: UInt64
    }

    /// The most journeys that wait.
    static let capacity = 16_384

    /// Nanoseconds that a journey waits.
    let patience: UInt64
    private var waiting: [HostReport.Key: Waiting] = [:]
    /// In the order of arrival. Those before `first` are done.
    private var turns: [Turn] = []
    private var first = 0
    private var newer: [HostReport.Key: ReplyMeasurement] = [:]
    private var older: [HostReport.Key: ReplyMeasurement] = [:]

    init(patience: UInt64) { self.patience = patience }

    /// - Parameter now: nanoseconds of the monotonic clock.
    /// - Returns: the journeys that go on by this, with their replies where these are known.
    mutating func wait(_ journey: Waiting, since now: UInt64) -> [Waiting] {
        let key = journey.hostReport.key
        if let early = newer.removeValue(forKey: key) ?? older.removeValue(forKey: key) {
            return [journey.completed(by: early)]
        }
        guard patience > 0 else { return [journey] }
        var ready: [Waiting] = []
        if let other = waiting.updateValue(journey, forKey: key) {
            ready.append(other)
        } else {
            turns.append(Turn(key: key, deadline: now &+ patience))
        }
        while waiting.count > Self.capacity, first < turns.count {
            if let oldest = removeFirst() { ready.append(oldest) }
        }
        return ready
    }

    /// - Returns: the journey that waited for this reply; without one, the reply is kept for a while.
    mutating func accept(_ reply: ReplyMeasurement, of key: HostReport.Key) -> Waiting? {
        if let found = waiting.removeValue(forKey: key) { return found.completed(by: reply) }
        if newer.count >= Self.capacity {
            older = newer
            newer = [:]
        }
        newer[key] = reply
        return nil
    }

    /// - Parameter now: nanoseconds of the monotonic clock.
    /// - Returns: the journeys that have waited in vain.
    mutating func expire(at now: UInt64) -> [Waiting] {
        var ready: [Waiting] = []
        while first < turns.count, turns[first].deadline < now || waiting[turns[first].key] == nil {
            if let journey = removeFirst() { ready.append(journey) }
        }
        return ready
    }

    /// - Returns: all journeys that still wait, at the end of a run.
    mutating func finish() -> [Waiting] {
        var ready: [Waiting] = []
        while first < turns.count { if let journey = removeFirst() { ready.append(journey) } }
        return ready
    }

    private mutating func removeFirst() -> Waiting? {
        let turn = turns[first]
        first += 1
        if first >= 1024, first * 2 >= turns.count {
            turns.removeFirst(first)
            first = 0
        }
        return waiting.removeValue(forKey: turn.key)
    }
}

extension ReplyJoin.Waiting {
    fileprivate func completed(by reply: ReplyMeasurement) -> Self {
        var completed = self
        completed.hostReport.reply = reply
        return completed
    }
}
