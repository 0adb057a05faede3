// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import Documents
public import Journeys
internal import TelemetryFormats
internal import Wire

/// A journey as one JSON object. Values that the journey lacks are left out.
///
/// Its properties are named as the keys are: an encoder that makes the keys of other names takes three times as long.
public struct JourneyDocument: Encodable, Sendable {
    struct Part: Encodable {
        var name: String
        var us: Double?
        var absent: String?
        /// true for a stage of the last part before it that is not a stage itself; stages are not added to the sum.
        var within: Bool?
        /// true for what lies beside the other parts, and is not added to the sum.
        var beside: Bool?

        init(_ part: JourneyPart, _ names: PlaceNames) {
            name = part.kind.name(names)
            us = part.duration?.microseconds
            absent = part.absence.map(Self.name)
            within = part.isWithin ? true : nil
            beside = part.isBeside ? true : nil
        }

        private static func name(_ absence: JourneyPart.Absence) -> String {
            switch absence {
            case .notReported: "notTold"
            case .clocksDisagree: "clocksDisagree"
            }
        }
    }

    let time_ns: UInt64
    let utc: String
    let request_id: UInt32?
    let source: String
    let source_port: UInt16?
    let destination: String
    let destination_port: UInt16?
    let level: UInt8
    let reference: Bool
    let complete: Bool
    let gaps: [String]
    /// Only true.
    let returned_late: Bool?
    /// Only if there are any.
    let unexpected_nodes: [String]?
    let telemetry_bytes: Int
    let total_us: Double?
    let host_ns: UInt64?
    let host_requests: UInt64?
    let client: Client?
    let host: Host?
    let identity: Identity?
    let reply: Reply?
    let hops: [Hop]
    let parts: [Part]

    /// - Parameter names: names of switches and hosts.
    public init(_ journey: Journey, names: PlaceNames = PlaceNames()) {
        time_ns = journey.time
        utc = WallClock(journey.time).dateTime
        request_id = journey.distinctID
        source = "\(journey.flow.source)"
        source_port = journey.flow.ports?.source.rawValue
        destination = "\(journey.flow.destination)"
        destination_port = journey.flow.ports?.destination.rawValue
        level = journey.encoding.variant
        reference = journey.encoding.format == ReferenceFormat.name
        complete = journey.isComplete
        gaps = journey.missing.names
        returned_late = journey.returnedLate ? true : nil
        unexpected_nodes = journey.unexpectedNodes.isEmpty ? nil : journey.unexpectedNodes.map { $0.name(names) }
        telemetry_bytes = journey.telemetrySize
        total_us = journey.total?.microseconds
        host_ns = journey.host?.duration?.count
        host_requests = journey.host?.ordinal
        client = Client(journey)
        host = journey.host?.details.map(Host.init)
        identity = journey.identity.map(Identity.init)
        reply = journey.reply.map(Reply.init)
        hops = journey.hops.enumerated().map { index, hop in
            Hop(hop, journey.requestHopCount.map { index < $0 ? "out" : "back" }, names)
        }
        parts = journey.parts.map { Part($0, names) }
    }

    /// One line, keys in alphabetical order.
    public var line: String { get throws { try JSONText.line(self) } }
}
