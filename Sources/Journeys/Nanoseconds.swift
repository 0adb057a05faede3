// SPDX-License-Identifier: Apache-2.0

/// A duration. Durations come from the wire, where any number may stand, so the operations here cannot fail: sums stop at
/// the largest value, a difference that would be negative does not exist.
public struct Nanoseconds: Sendable, Hashable {
    /// Nanoseconds, at most `Int64.max`.
    public let count: UInt64

    /// No part of one request takes an hour; what says so is damaged, or was taken by clocks that contradict each other.
    public static let longestMeasured: UInt64 = 3_600_000_000_000
    /// No time at all.
    public static let zero: Nanoseconds = 0

    private static let most = UInt64(Int64.max)

    private init(limiting count: UInt64) { self.count = min(count, Self.most) }

    /// A number of nanoseconds that somebody reported; nil if it is `longestMeasured` or more.
    public init?(measured count: UInt64) {
        guard count < Self.longestMeasured else { return nil }
        self.count = count
    }

    /// The difference of two times in nanoseconds; nil if it is negative, or `longestMeasured` or more.
    public init?(difference: Int64) {
        guard difference >= 0 else { return nil }
        self.init(measured: UInt64(difference))
    }

    /// From one time to another of the same clock; nil if they run backwards, or are an hour or more apart.
    public init?(from start: UInt64, to end: UInt64) {
        guard end >= start else { return nil }
        self.init(measured: end &- start)
    }

    /// A duration of 32 bits, 4.3 seconds at most.
    public init(_ count: UInt32) { self.count = UInt64(count) }

    /// The sum, or the largest duration if that is less.
    public static func + (left: Nanoseconds, right: Nanoseconds) -> Nanoseconds {
        Nanoseconds(limiting: left.count &+ right.count)
    }

    /// Adds to a sum, up to the largest duration.
    public static func += (sum: inout Nanoseconds, addend: Nanoseconds) { sum = sum + addend }

    /// What is left of this duration without `other`; nil if `other` is longer.
    public func without(_ other: Nanoseconds) -> Nanoseconds? {
        count >= other.count ? Nanoseconds(limiting: count &- other.count) : nil
    }

    /// Microseconds, with a fraction.
    public var microseconds: Double { Double(count) / 1000 }
}

extension Nanoseconds: Comparable {
    /// Whether the left one is shorter.
    public static func < (left: Nanoseconds, right: Nanoseconds) -> Bool { left.count < right.count }
}

extension Nanoseconds: ExpressibleByIntegerLiteral {
    /// A duration that the source text states.
    public init(integerLiteral count: UInt64) { self.init(limiting: count) }
}

extension Sequence<JourneyPart> {
    /// The sum of all parts that lie within or beside no other, at least 1 ns: what a drawing is scaled by.
    public var scale: Nanoseconds {
        Swift.max(reduce(into: 0) { sum, part in if !part.isWithin, !part.isBeside { sum += part.duration ?? 0 } }, 1)
    }
}

extension Nanoseconds: CustomStringConvertible {
    /// The number of nanoseconds.
    public var description: String { "\(count)" }
}
