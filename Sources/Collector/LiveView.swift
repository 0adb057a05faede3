// SPDX-License-Identifier: Apache-2.0

import Addresses
public import Journeys
public import TelemetryFormats

/// All that is known so far of a stream of frames: counts, statistics by part, and the slowest journey.
///
/// A pure value: frames go in, journeys come out, whoever captures them.
public struct LiveView: Sendable {
    private var assembler: JourneyAssembler
    /// Of requests that clients' hosts began telemetry for.
    public private(set) var losses = RequestLosses()
    public private(set) var statistics = PartStatistics()
    /// Of level 6.
    public private(set) var paths = RebuiltPaths()
    /// The complete journey that took longest.
    public private(set) var slowest: Journey?
    private var slowestDuration: UInt64 = 0
    /// The complete journey seen last: its hops are the way that traffic takes now.
    public private(set) var latestComplete: Journey?

    public var counts: FrameCounts { assembler.counts }
    public var overhead: Overhead { assembler.overhead }

    /// - Parameter decoder: of the frames that are ingested.
    public init(decoder: TelemetryDecoder = TelemetryDecoder()) {
        assembler = JourneyAssembler(decoder: decoder)
    }

    /// - Parameters:
    ///   - time: nanoseconds of the domain's clock.
    ///   - client: what the client's host knows of the request beside the frame.
    /// - Returns: nil if the frame is plain, malformed or a duplicate; `counts` tells which.
    @discardableResult
    public mutating func take(
        _ bytes: Span<UInt8>, seenAt time: UInt64, client: ClientTimes? = nil
    ) -> Journey? {
        guard let journey = assembler.take(bytes, seenAt: time, client: client) else { return nil }
        if let source = journey.source {
            losses.record(source, of: journey.flow, unreported: client?.unreported ?? 0)
        }
        statistics.record(paths.take(journey))
        guard journey.isComplete else { return journey }
        latestComplete = journey
        let duration = journey.total ?? journey.parts.reduce(0) { $0 &+ ($1.duration ?? 0) }
        if slowest == nil || duration > slowestDuration {
            slowest = journey
            slowestDuration = duration
        }
        return journey
    }
}
