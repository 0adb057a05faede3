// SPDX-License-Identifier: Apache-2.0

public import Journeys

/// Where journeys are kept: it accepts them, and makes them durable at a commit.
///
/// It throws nothing: journeys that it cannot keep are counted, and collecting goes on.
public protocol JourneyStoring: ~Copyable {
    /// Accepts a journey.
    /// - Parameter now: nanoseconds of the clock by which times are compared; a replay gives its frames' times.
    mutating func append(_ journey: Journey, at now: UInt64)

    /// Makes all of them durable.
    /// - Parameter now: as for `append`.
    mutating func commit(at now: UInt64)

    /// The end: nothing is appended after it.
    mutating func close(at now: UInt64)

    /// What became of the journeys so far.
    var counts: StoreCounts { get }
}

/// What became of the journeys of a store.
public struct StoreCounts: Sendable, Hashable {
    /// Journeys that are durable.
    public var stored: UInt64 = 0
    /// Journeys that were lost because the disk was full, or could not be written.
    public var dropped: UInt64 = 0
    /// Journeys of a level that this version has no layout for.
    public var unknown: UInt64 = 0
    /// Journeys whose flow, or path, is stored as another one, as an hour has too many.
    public var otherFlows: UInt64 = 0
    /// Journeys whose path is stored as another one.
    public var otherPaths: UInt64 = 0
    /// Hours that were deleted.
    public var deletedHours: UInt64 = 0
    /// Why nothing can be stored at present; nil if it can.
    public var trouble: String?

    /// Nothing has happened.
    public init() {}
}
