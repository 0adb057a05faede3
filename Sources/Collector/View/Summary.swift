// SPDX-License-Identifier: Apache-2.0

/// What a run came to: counts, reasons, and the statistics by part.
public struct Summary: Sendable {
    /// Frames and journeys.
    public let counts: CaptureCounts
    /// Durations of each part, in the order of travel.
    public let rows: [PartStatistics.Row]
    /// The paths of journeys that report one hop each.
    public let paths: RebuiltPaths
    /// Bytes of telemetry on the links.
    public let overhead: Overhead
    /// Frames that were lost before the source could read them: their journeys are unknown.
    public let lostFrames: UInt64
    /// Losses of requests whose INT source was their client's host.
    public let losses: RequestLosses.Totals
    /// Answered requests whose journey did not come, of clients without any journey.
    public let unseen: UInt64

    /// What `view` knows at the end of a run.
    public init(_ view: JourneyView, lostFrames: UInt64 = 0) {
        counts = view.counts
        rows = view.statistics.rows
        paths = view.paths
        overhead = view.overhead
        self.lostFrames = lostFrames
        losses = view.losses.totals
        unseen = view.unseen
    }
}
