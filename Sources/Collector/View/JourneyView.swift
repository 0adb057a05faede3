// SPDX-License-Identifier: Apache-2.0

public import Journeys

/// All that is known so far of a stream of journeys: counts, statistics by part, paths, overhead, losses, and the slowest
/// journey.
///
/// A pure value: what the frames turned out to be and the journeys go in, in any order.
public struct JourneyView: Sendable {
    /// What became of the frames.
    public private(set) var counts = CaptureCounts()
    /// Bytes of telemetry on the links.
    public private(set) var overhead = Overhead()
    /// Losses of requests whose INT source was their client's host.
    public private(set) var losses = RequestLosses()
    /// Durations of each part.
    public private(set) var statistics = PartStatistics()
    /// The paths of journeys that report one hop each.
    public private(set) var paths = RebuiltPaths()
    /// The complete journey that took longest; nil without one.
    public private(set) var slowest: Journey?
    /// Answered requests whose journey did not come, of clients without any journey.
    public private(set) var unseen: UInt64 = 0
    private var slowestDuration = Nanoseconds.zero
    /// The complete journey seen last, whose hops are the path that traffic takes now; nil without one.
    public private(set) var latestComplete: Journey?

    /// A view of nothing.
    public init() {}

    /// Counts a frame.
    mutating func count(_ outcome: FrameDecoder.Outcome) { counts.count(outcome) }

    /// Sets how many answered requests of unknown clients there were.
    mutating func recordUnseen(_ count: UInt64) { unseen = count }

    /// Adds a journey at the end of its assembly.
    public mutating func record(_ journey: Journey) {
        counts.count(journey)
        guard journey.hasReturned else {
            if journey.coverage == .everyHop { statistics.record(journey.parts) }
            return
        }
        overhead.record(journey.report)
        if let source = journey.source {
            losses.record(source, of: journey.flow, unreported: journey.client?.unreported ?? 0)
        }
        statistics.record(paths.record(journey))
        guard journey.isComplete else { return }
        latestComplete = journey
        let duration = journey.duration
        guard slowest == nil || duration > slowestDuration else { return }
        slowest = journey
        slowestDuration = duration
    }
}
