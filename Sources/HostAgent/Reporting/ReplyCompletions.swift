// SPDX-License-Identifier: Apache-2.0

internal import Journeys

/// Finds out when replies that are followed are complete: the programs say so, or nothing more has left for a while after
/// all was acknowledged. A pure value: the caller supplies the time. Bounded: what is oldest is forgotten.
struct ReplyCompletions: Sendable {
    /// A reply and the request it belongs to.
    struct Completion: Sendable, Hashable {
        var key: HostReport.Key
        var reply: ReplyMeasurement
    }

    private struct Waiting: Sendable {
        var event: ProgressEvent
        var serial: UInt64
    }

    private struct Turn: Sendable {
        var arrival: RequestEvent.Arrival
        var serial: UInt64
        var deadline: UInt64
    }

    /// Replies that may wait.
    static let capacity = 16_384

    private let quiet: UInt64
    private var waiting: [RequestEvent.Arrival: Waiting] = [:]
    /// In the order of their deadlines. Those before `first` are done.
    private var turns: [Turn] = []
    private var first = 0
    private var serial: UInt64 = 0

    /// - Parameter quiet: nanoseconds without anything new after which an acknowledged reply is complete.
    init(quiet: UInt64) { self.quiet = quiet }

    /// - Parameter now: nanoseconds of the monotonic clock.
    /// - Returns: the reply that is complete by this event.
    mutating func accept(_ event: ProgressEvent, at now: UInt64) -> Completion? {
        if event.flags.contains(.ended) {
            waiting[event.arrival] = nil
            return completion(event)
        }
        serial &+= 1
        waiting[event.arrival] = Waiting(event: event, serial: serial)
        turns.append(Turn(arrival: event.arrival, serial: serial, deadline: now &+ quiet))
        while turns.count - first > Self.capacity { _ = removeFirst() }
        return nil
    }

    /// - Parameter now: nanoseconds of the monotonic clock.
    /// - Returns: the replies that have been quiet for long enough.
    mutating func expire(at now: UInt64) -> [Completion] {
        var complete: [Completion] = []
        while first < turns.count, turns[first].deadline <= now {
            if let event = removeFirst(), let found = completion(event) { complete.append(found) }
        }
        return complete
    }

    private mutating func removeFirst() -> ProgressEvent? {
        let turn = turns[first]
        first += 1
        if first >= 1024, first * 2 >= turns.count {
            turns.removeFirst(first)
            first = 0
        }
        guard waiting[turn.arrival]?.serial == turn.serial else { return nil }
        return waiting.removeValue(forKey: turn.arrival)?.event
    }

    private func completion(_ event: ProgressEvent) -> Completion? {
        guard let key = event.key, let reply = event.measurement else { return nil }
        return Completion(key: key, reply: reply)
    }
}

extension HostReport {
    /// The report of a complete reply.
    init(_ completion: ReplyCompletions.Completion) {
        self.init(completion.key, RequestIdentity(kind: .connection), .completion)
        reply = completion.reply
    }
}
