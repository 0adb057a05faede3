// SPDX-License-Identifier: Apache-2.0

public import TelemetryFormats

/// Turns captured frames into journeys, and counts those that are none.
///
/// One frame from the sink holds a whole journey, so nothing has to be matched up. The copy of a request that no
/// host answered is a journey too, an incomplete one.
public struct JourneyAssembler: Sendable {
    /// The level of reference frames, which do not tell it.
    public var configuredLevel: Level?
    public private(set) var counts = FrameCounts()
    public private(set) var overhead = Overhead()
    private var recent = RecentFrames()

    public init(configuredLevel: Level? = nil) {
        self.configuredLevel = configuredLevel
    }

    /// - Parameters:
    ///   - time: nanoseconds of the domain's clock.
    ///   - client: what the client's host knows of the request beside the frame.
    public mutating func take(
        _ bytes: Span<UInt8>, seenAt time: UInt64, client: ClientTimes? = nil
    ) -> (journey: Journey, parts: [JourneyPart])? {
        counts.frames += 1
        switch TelemetryFrame.decode(bytes, configuredLevel: configuredLevel) {
        case .plain:
            counts.plain += 1
            return nil
        case .malformed(let reason):
            counts.malformed[reason, default: 0] += 1
            return nil
        case .telemetry(let frame):
            // Without times or a host's ordinal, equal bytes may well be another packet.
            if frame.level.tellsTimes || frame.host != nil, recent.containsOrRemembers(bytes, at: time) {
                counts.duplicates += 1
                return nil
            }
            var journey = Journey(of: frame, seenAt: time)
            journey.client = client
            let parts = journey.parts
            counts.count(journey, parts)
            if let length = frame.packetLength(in: bytes) { overhead.take(journey, packetLength: length) }
            return (journey, parts)
        }
    }
}

extension Level {
    /// Whether two packets' records can be told apart by their times.
    fileprivate var tellsTimes: Bool { self == .standard || self == .full || self == .discretized }
}
