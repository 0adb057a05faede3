// SPDX-License-Identifier: Apache-2.0

public import Journeys

/// What reports of one layout have in common. The rest of such a report, but its flow, is a fixed number of integers: its
/// columns. This is how a store keeps reports.
public struct ReportShape: Sendable, Hashable, Codable {
    /// What the server's host reported.
    public enum Host: UInt8, Sendable, Hashable, Codable {
        case none = 0
        case plain = 1
        case extended = 2
    }

    /// The wire format's name.
    public let format: String
    /// The level of the hop records.
    public let level: UInt8
    /// Hop records.
    public let hops: Int
    /// How many of them are on the request path; nil if that is unknown.
    public let requestHops: Int?
    /// The server's host.
    public let host: Host
    /// Whether the client's host was the INT source.
    public let hasSource: Bool
    /// Whether the packet's length is known.
    public let hasPacketLength: Bool
    /// Whether the first bytes of the payload are known.
    public let hasRequestID: Bool
    /// Whether the place in a TCP connection is known.
    public let hasSegment: Bool

    /// - Returns: nil for a report of a level that has no layout here.
    public init?(of report: JourneyReport) {
        guard let layout = Level(rawValue: report.encoding.variant)?.layout,
            report.coverage == Self.coverage(layout, report.encoding.format)
        else { return nil }
        format = report.encoding.format.rawValue
        level = report.encoding.variant
        hops = report.hops.count
        requestHops = report.requestHopCount
        host = report.host.map { $0.details == nil ? .plain : .extended } ?? .none
        hasSource = report.source != nil
        hasPacketLength = report.packetLength != nil
        hasRequestID = report.requestID != nil
        hasSegment = report.segment != nil
    }

    /// The hop records' layout; nil for a shape that this version does not know.
    public var layout: LevelLayout? { Level(rawValue: level)?.layout }

    static func coverage(_ layout: LevelLayout, _ format: TelemetryEncoding.Format) -> JourneyReport.Coverage {
        format == InBandFormat.name ? layout.coverage : .everyHop
    }

    /// Bytes of the telemetry in such a report.
    var telemetrySize: TelemetrySize? {
        guard let layout else { return nil }
        let isOneHop = Self.coverage(layout, TelemetryEncoding.Format(rawValue: format)) == .oneHop
        let hostSize =
            switch host {
            case .none: 0
            case .plain: HostRecord.plainSize
            case .extended: HostRecord.extendedSize
            }
        return TelemetrySize(
            header: Shim.size + (hasSource ? SourceRecord.size : 0), record: layout.recordSize, records: hops,
            recordLimit: isOneHop ? 1 : .max, host: hostSize)
    }
}
