// SPDX-License-Identifier: Apache-2.0

public import Journeys
public import TelemetryFormats

/// What became of the frames that came in. Each frame is counted once: plain, malformed, duplicate, or a journey.
public struct CaptureCounts: Sendable, Hashable {
    /// All frames.
    public private(set) var frames: UInt64 = 0
    /// Frames without telemetry.
    public private(set) var plain: UInt64 = 0
    /// Frames whose bytes came already within the last second.
    public private(set) var duplicates: UInt64 = 0
    /// Frames whose telemetry is not understood, by reason.
    public private(set) var malformed: [Malformed: UInt64] = [:]

    /// All journeys.
    public private(set) var journeys: UInt64 = 0
    /// Journeys in which nothing is missing.
    public private(set) var complete: UInt64 = 0
    /// Journeys by reason for which they are incomplete; one may have several.
    public private(set) var missing: [MissingData: UInt64] = [:]
    /// Journeys with at least one part whose times contradict each other.
    public private(set) var clocksDisagree: UInt64 = 0
    /// Journeys with a node that is not expected.
    public private(set) var unexpected: UInt64 = 0
    /// Journeys of requests that had been counted as not returned before.
    public private(set) var returnedLate: UInt64 = 0

    init() {}

    mutating func count(_ outcome: FrameDecoder.Outcome) {
        frames += 1
        switch outcome {
        case .report: break
        case .plain: plain += 1
        case .malformed(let reason): malformed[reason, default: 0] += 1
        case .duplicate: duplicates += 1
        }
    }

    mutating func count(_ journey: Journey) {
        journeys += 1
        if journey.isComplete {
            complete += 1
        } else {
            for (reason, _) in MissingData.named where journey.missing.contains(reason) {
                missing[reason, default: 0] += 1
            }
        }
        if journey.returnedLate { returnedLate += 1 }
        if !journey.unexpectedNodes.isEmpty { unexpected += 1 }
        if journey.parts.contains(where: { $0.absence == .clocksDisagree }) { clocksDisagree += 1 }
    }

    /// Journeys of requests that did not return with telemetry.
    public var notReturned: UInt64 {
        missing.reduce(0) { $0 + (MissingData.notReturned.contains($1.key) ? $1.value : 0) }
    }

    /// Every reason for which a frame was no journey, or a journey not complete, with a number that is not 0.
    /// docs/reference/journeys.md lists the names.
    public var byReason: [(reason: String, count: UInt64)] {
        var found: [(String, UInt64)] = duplicates > 0 ? [("duplicate", duplicates)] : []
        for reason in Malformed.allCases { if let count = malformed[reason] { found.append((reason.name, count)) } }
        for (reason, name) in MissingData.named { if let count = missing[reason] { found.append((name, count)) } }
        if clocksDisagree > 0 { found.append(("clocks_disagree", clocksDisagree)) }
        if unexpected > 0 { found.append(("unexpected_node", unexpected)) }
        return found
    }
}
