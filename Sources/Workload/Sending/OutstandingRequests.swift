// SPDX-License-Identifier: Apache-2.0

/// The requests that wait for their replies, oldest first.
///
/// Requests leave in the order they were sent, so the oldest is always at the queue's head and a time-out looks
/// at no other.
struct OutstandingRequests {
    struct Entry {
        let id: UInt32
        /// Nanoseconds of the domain's clock, and of CLOCK_MONOTONIC.
        let sentAt: UInt64
        let sentMonotonic: UInt64
    }

    private var byID: [UInt32: Entry] = [:]
    private var order: [Entry] = []
    private var head = 0

    var isEmpty: Bool { byID.isEmpty }
    var count: Int { byID.count }

    /// When the oldest one was sent (CLOCK_MONOTONIC).
    var oldestSent: UInt64? { head < order.count ? order[head].sentMonotonic : nil }

    func contains(_ id: UInt32) -> Bool { byID[id] != nil }

    mutating func add(_ entry: Entry) {
        byID[entry.id] = entry
        order.append(entry)
    }

    /// Removes the request that a reply answers; nil for a reply that nobody waits for (a second one, or a late one).
    mutating func remove(_ id: UInt32) -> Entry? {
        defer { dropAnswered() }
        return byID.removeValue(forKey: id)
    }

    /// Removes the oldest one that was sent before `deadline` (CLOCK_MONOTONIC).
    mutating func removeOldest(sentBefore deadline: UInt64) -> Entry? {
        dropAnswered()
        guard head < order.count, order[head].sentMonotonic < deadline else { return nil }
        let entry = order[head]
        byID.removeValue(forKey: entry.id)
        dropAnswered()
        return entry
    }

    private mutating func dropAnswered() {
        while head < order.count, byID[order[head].id] == nil { head += 1 }
        // Amortised: half of the array at the least is dropped each time.
        if head > 1024, head * 2 > order.count {
            order.removeFirst(head)
            head = 0
        }
    }
}
