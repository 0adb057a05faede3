// SPDX-License-Identifier: Apache-2.0

public import Journeys
public import TelemetryFormats

/// Turns captured frames into journeys, and counts those that are none.
///
/// One frame from the sink holds a whole journey, so nothing has to be matched up. The copy of a request that no
/// host answered is a journey too, an incomplete one.
public struct JourneyAssembler: Sendable {
    private let decoder: TelemetryDecoder
    public private(set) var counts = FrameCounts()
    public private(set) var overhead = Overhead()
    private var recent = RecentFrames()

    /// - Parameter decoder: of the frames that are ingested.
    public init(decoder: TelemetryDecoder = TelemetryDecoder()) {
        self.decoder = decoder
    }

    /// - Parameters:
    ///   - time: nanoseconds of the domain's clock.
    ///   - client: what the client's host knows of the request beside the frame.
    public mutating func take(
        _ bytes: Span<UInt8>, seenAt time: UInt64, client: ClientTimes? = nil
    ) -> Journey? {
        counts.frames += 1
        switch decoder.decode(bytes) {
        case .plain:
            counts.plain += 1
            return nil
        case .malformed(let reason):
            counts.malformed[reason, default: 0] += 1
            return nil
        case .journey(let report):
            if report.identifiesPacket, recent.containsOrRemembers(bytes, at: time) {
                counts.duplicates += 1
                return nil
            }
            let journey = Journey(report, seenAt: time, client: client)
            counts.count(journey)
            overhead.record(report)
            return journey
        }
    }
}
