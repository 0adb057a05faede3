// SPDX-License-Identifier: Apache-2.0

internal import Journeys

/// One flow's requests that came back, by their numbers, since the client's host began to number them.
struct NumberedRun: Sendable {
    /// Nanoseconds. A number that is not above the highest and left its host more than this later belongs to a new run: a
    /// client that is attached again begins at 1. What comes late or twice left before the highest.
    private static let leftLater: Int64 = 10_000_000
    /// For this many numbers, from the highest down, it is known whether they came. Older ones are ignored.
    private static let window: Int32 = 1024
    /// A number further from the highest than this is of another run: no flow loses a million requests in a row.
    private static let reach: Int32 = 1 << 20

    private(set) var lowest: UInt32
    private(set) var highest: UInt32
    /// Times at which they left, nanoseconds.
    private let firstSent: UInt64
    private var highestSent: UInt64
    /// Bit n % 1024: number n has come, for the numbers of the window.
    private var seen = [UInt64](repeating: 0, count: Int(window) / 64)
    private(set) var returned: UInt64 = 1
    /// Requests that the server had seen, by the replies with the least and the greatest count.
    private var received: ClosedRange<UInt32>
    /// The server's count in the reply to the highest.
    private var highestReceived: UInt32
    /// Replies that could not be reported, by the reports with the least and the greatest count.
    private var heldBack: ClosedRange<UInt32>

    init(_ source: SourceMeasurement, _ unreported: UInt32) {
        lowest = source.sequence
        highest = source.sequence
        firstSent = source.sent
        highestSent = source.sent
        received = source.received...source.received
        highestReceived = source.received
        heldBack = unreported...unreported
        mark(source.sequence)
    }

    /// Requests from the lowest to the highest.
    private var sent: UInt64 { UInt64(highest &- lowest) + 1 }
    var unreported: UInt64 { min(UInt64(heldBack.upperBound - heldBack.lowerBound), sent - min(sent, returned)) }
    var missing: UInt64 { sent - min(sent, returned + unreported) }
    /// Of the missing, those that the server has not seen; nil where it does not count.
    var lostOut: UInt64? {
        guard received.lowerBound > 0 else { return nil }
        let seen = UInt64(received.upperBound - received.lowerBound) + 1
        return min(missing, sent - min(sent, seen))
    }

    /// Whether the number belongs to the next run. One of the first numbers that is older than anything that comes late does
    /// in any case: the client's clock was set back.
    func isSucceeded(by source: SourceMeasurement) -> Bool {
        let ahead = ahead(source)
        guard (-Self.reach...Self.reach).contains(ahead) else { return true }
        guard ahead <= 0 else { return false }
        return later(source.sent, highestSent) > Self.leftLater
            || (ahead < -Self.window && source.sequence < UInt32(Self.window))
    }

    /// Whether the server has forgotten what it counted of this run.
    func isRecounted(in source: SourceMeasurement) -> Bool {
        ahead(source) > 0 && source.received > 0 && later(source.sent, highestSent) > Self.leftLater
            && source.received < highestReceived
    }

    /// Whether the number is still of this run, although the next has begun.
    func overtook(_ source: SourceMeasurement, by next: NumberedRun) -> Bool {
        later(next.firstSent, source.sent) > 0 && later(source.sent, highestSent) <= 0
            && (-Self.window...0).contains(ahead(source))
    }

    /// One that came before does not count again.
    mutating func record(_ source: SourceMeasurement, _ unreported: UInt32) {
        let ahead = ahead(source)
        if ahead > 0 {
            forget(ahead)
            highest = source.sequence
            highestSent = source.sent
            highestReceived = source.received
        } else {
            guard ahead > -Self.window, !has(source.sequence) else { return }
            if Int32(truncatingIfNeeded: source.sequence &- lowest) < 0 { lowest = source.sequence }
        }
        mark(source.sequence)
        returned += 1
        received = min(received.lowerBound, source.received)...max(received.upperBound, source.received)
        heldBack = min(heldBack.lowerBound, unreported)...max(heldBack.upperBound, unreported)
    }

    private func ahead(_ source: SourceMeasurement) -> Int32 { Int32(truncatingIfNeeded: source.sequence &- highest) }

    private func later(_ time: UInt64, _ than: UInt64) -> Int64 { Int64(truncatingIfNeeded: time &- than) }

    private static func place(_ number: UInt32) -> (word: Int, bit: UInt64) {
        let place = Int(number % UInt32(window))
        return (place / 64, 1 << UInt64(place % 64))
    }

    private func has(_ number: UInt32) -> Bool {
        let (word, bit) = Self.place(number)
        return seen[word] & bit != 0
    }

    private mutating func mark(_ number: UInt32) {
        let (word, bit) = Self.place(number)
        seen[word] |= bit
    }

    /// The numbers that leave the window give their places to those above the highest.
    private mutating func forget(_ ahead: Int32) {
        for step in 1...UInt32(min(ahead, Self.window)) {
            let (word, bit) = Self.place(highest &+ step)
            seen[word] &= ~bit
        }
    }
}
