// SPDX-License-Identifier: Apache-2.0

internal import Journeys
internal import TelemetryFormats

/// Turns the bytes of frames into reports, and recognizes frames that come twice.
struct FrameDecoder: Sendable {
    /// What became of one frame.
    enum Outcome {
        case report(JourneyReport)
        /// Without telemetry.
        case plain
        /// With telemetry that is not understood.
        case malformed(Malformed)
        /// The same bytes came within the last second.
        case duplicate
    }

    private let decoder: TelemetryDecoder
    private var recent = RecentFrames()

    init(_ decoder: TelemetryDecoder) { self.decoder = decoder }

    /// - Parameter time: when the frame arrived, nanoseconds of the domain's clock.
    mutating func decode(_ bytes: Span<UInt8>, at time: UInt64) -> Outcome {
        switch decoder.decode(bytes) {
        case .plain: return .plain
        case .malformed(let reason): return .malformed(reason)
        case .journey(let report):
            // Equal bytes without a time or a counter may well be another packet.
            if report.identifiesPacket, recent.containsOrRemembers(bytes, at: time) { return .duplicate }
            return .report(report)
        }
    }
}
