// SPDX-License-Identifier: Apache-2.0

public import Journeys

/// What a captured frame turned out to be.
public enum DecodedFrame: Sendable, Hashable {
    /// Telemetry of a known format.
    case journey(JourneyReport)
    /// No telemetry, or too short to have any.
    case plain
    /// Telemetry that is not understood.
    case malformed(Malformed)
}

/// A wire format: turns the bytes of a frame into measurements.
///
/// A new format is a type of its own, in files of its own, and one line in `TelemetryDecoder.decode`.
protocol FrameFormat {
    /// The name under which output shows reports of this format.
    static var name: TelemetryEncoding.Format { get }

    /// Decodes a frame, whatever its bytes are: nothing is read past the end.
    /// - Returns: nil if the frame is not of this format.
    static func decode(_ frame: borrowing LinkFrame, _ options: TelemetryDecoder) -> DecodedFrame?
}

/// Decodes frames of every known format.
public struct TelemetryDecoder: Sendable {
    /// The level of frames in the reference format, which do not contain it; nil refuses such frames.
    public var referenceLevel: Level?

    /// A decoder of every format.
    public init(referenceLevel: Level? = nil) { self.referenceLevel = referenceLevel }

    /// Decodes a frame from its Ethernet header on, whatever its bytes are: nothing throws and nothing is read past the
    /// end. The packet that carried the telemetry may be cut anywhere after its UDP header.
    public func decode(_ bytes: Span<UInt8>) -> DecodedFrame {
        guard let frame = LinkFrame(bytes) else { return .plain }
        return InBandFormat.decode(frame, self)
            ?? ReferenceFormat.decode(frame, self)
            ?? .plain
    }
}
