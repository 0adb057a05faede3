// SPDX-License-Identifier: Apache-2.0

public import Journeys
public import TelemetryFormats

/// What became of the frames that came in. Each frame is counted once: plain, malformed, duplicate, or a journey.
public struct FrameCounts: Sendable, Hashable {
    public var frames: UInt64 = 0
    /// Without telemetry.
    public var plain: UInt64 = 0
    /// The same frame again, byte for byte, within a second.
    public var duplicates: UInt64 = 0
    public var malformed: [Malformed: UInt64] = [:]

    public var journeys: UInt64 = 0
    public var complete: UInt64 = 0
    /// Journeys by what they miss; one may miss several things.
    public var gaps: [MissingData: UInt64] = [:]
    /// Journeys with at least one part whose times contradict each other.
    public var clocksDisagree: UInt64 = 0

    public init() {}

    mutating func count(_ journey: Journey) {
        journeys += 1
        if journey.isComplete { complete += 1 }
        for (gap, _) in MissingData.named where journey.missing.contains(gap) { gaps[gap, default: 0] += 1 }
        if journey.parts.contains(where: { $0.absence == .clocksDisagree }) { clocksDisagree += 1 }
    }

    /// Every reason for which a frame was no journey, or a journey not complete, with a number that is not 0.
    /// docs/reference/journeys.md lists the names.
    public var byReason: [(reason: String, count: UInt64)] {
        var found: [(String, UInt64)] = duplicates > 0 ? [("duplicate", duplicates)] : []
        for reason in Malformed.allCases { if let count = malformed[reason] { found.append((reason.name, count)) } }
        for (gap, name) in MissingData.named { if let count = gaps[gap] { found.append((name, count)) } }
        if clocksDisagree > 0 { found.append(("clocks_disagree", clocksDisagree)) }
        return found
    }
}
