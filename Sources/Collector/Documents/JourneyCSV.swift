// SPDX-License-Identifier: Apache-2.0

internal import Addresses
public import Journeys
internal import TelemetryFormats
internal import Wire

/// Journeys as comma-separated values (RFC 4180, with line feeds): a heading row, then one row per journey. A value that a
/// journey lacks is empty.
///
/// All rows are alike. In the wide form they have columns for as many hops as a frame can carry; otherwise the parts are in
/// one column.
public enum JourneyCSV {
    /// `telemetry_bytes` is what the telemetry added to the packet: 4 for the shim, the size of a record for each hop,
    /// 18 or 60 for a host record. Times of hops are as the switch gave them, in microseconds.
    static let columns = [
        "time_s", "utc", "request_id", "source", "source_port", "destination", "destination_port", "level", "reference",
        "complete", "gaps", "hops", "hops_out", "hops_back", "telemetry_bytes", "host_ns", "host_requests", "total_ns",
    ]

    /// In the narrow form, in place of the hops' own columns.
    static let pathColumns = ["path", "parts_us"]

    /// What the client's host reports: its source record, and its times.
    static let clientColumns = [
        "client_host", "client_sequence", "client_sent_ns", "client_left_ns", "client_arrived_ns", "client_received_ns",
    ]

    /// What only an extended host record contains; times in nanoseconds.
    static let hostColumns = [
        "host_id", "host_cpu", "host_arrival_ns", "host_kernel_in_ns", "host_socket_wait_ns", "host_application_ns",
        "host_kernel_out_ns", "host_run_queue_ns", "host_queue_depth", "host_retransmits", "host_late_ns",
    ]

    /// What the server's agent reports of the request.
    static let identityColumns = [
        "identity_kind", "identity_operation", "identity_target", "identity_connection", "identity_sequence",
        "identity_trace_id", "identity_parent_id",
    ]

    /// What it reports of a complete reply over TCP; nanoseconds after the request's arrival at the server.
    static let replyColumns = [
        "reply_end", "reply_first_byte_ns", "reply_last_byte_ns", "reply_last_retransmission_ns", "reply_last_ack_ns",
        "reply_bytes", "reply_segments", "reply_retransmissions", "reply_ack_wait_ns", "reply_ack_wait_at_most",
    ]

    /// What `--expect` finds.
    static let trustColumns = ["unexpected_nodes"]

    static let hopColumns = [
        "direction", "switch", "ingress_port", "egress_port", "ingress_us", "egress_us", "enqueue_us", "queue_us",
        "enqueue_depth", "dequeue_depth", "latency_us", "packet_length", "packets_since_last", "last_telemetry_us",
        "position",
    ]

    /// The heading row, with the line's end.
    public static func header(isWide: Bool) -> String {
        let hops = (1...Shim.maximumCount).flatMap { hop in hopColumns.map { "hop\(hop)_\($0)" } }
        let all =
            columns + clientColumns + (isWide ? hops : pathColumns) + hostColumns + identityColumns
            + replyColumns + trustColumns
        return all.joined(separator: ",") + "\n"
    }

    /// One journey's row, with the line's end.
    public static func row(_ journey: Journey, isWide: Bool) -> String {
        var row = CSVRow()
        row.add(DurationText.seconds(journey.time))
        row.add(WallClock(journey.time).dateTime)
        row.add(journey.distinctID)
        row.add("\(journey.flow.source)")
        row.add(journey.flow.ports?.source.rawValue)
        row.add("\(journey.flow.destination)")
        row.add(journey.flow.ports?.destination.rawValue)
        row.add(journey.encoding.variant)
        row.add(journey.encoding.format == ReferenceFormat.name ? 1 : 0)
        row.add(journey.isComplete ? 1 : 0)
        row.add(journey.missing.names.joined(separator: " "))
        row.add(journey.hops.count)
        row.add(journey.requestHopCount)
        row.add(journey.requestHopCount.map { journey.hops.count - $0 })
        row.add(journey.telemetrySize)
        row.add(journey.host?.duration?.count)
        row.add(journey.host?.ordinal)
        row.add(journey.total?.count)
        row.add(journey.source?.host.rawValue)
        row.add(journey.source?.sequence)
        row.add(journey.client?.sent)
        row.add(journey.source?.sent)
        row.add(journey.client?.arrived)
        row.add(journey.client?.received)
        if isWide { addHops(of: journey, to: &row) } else { addPath(of: journey, to: &row) }
        add(journey.host?.details, to: &row)
        add(journey.identity, to: &row)
        add(journey.reply, to: &row)
        row.add(journey.unexpectedNodes.map { $0.name() }.joined(separator: ";"))
        return row.text + "\n"
    }

    private static func addHops(of journey: Journey, to row: inout CSVRow) {
        for (index, hop) in journey.hops.enumerated() {
            add(hop, journey.requestHopCount.map { index < $0 ? "out" : "back" }, to: &row)
        }
        row.skip((Shim.maximumCount - journey.hops.count) * hopColumns.count)
    }

    /// `s1-s2-s3-s3-s2-s1`, and `switch s1 out=27;link s1-s2 out=9;…`.
    private static func addPath(of journey: Journey, to row: inout CSVRow) {
        let names = PlaceNames()
        row.add(journey.hops.map { names.name(of: $0.switchID) }.joined(separator: "-"))
        let parts = journey.parts.map { part in
            "\(part.kind.name(names))=\(part.duration.map(DurationText.shortMicroseconds) ?? "")"
        }
        row.add(parts.joined(separator: ";"))
    }

    /// After the hops, so that the columns in front of them keep their places.
    private static func add(_ details: HostDetails?, to row: inout CSVRow) {
        row.add(details?.hostID.rawValue)
        row.add(details?.processor)
        row.add(details?.arrival)
        row.add(details?.stages.kernelIn)
        row.add(details?.stages.socketWait)
        row.add(details?.stages.application)
        row.add(details?.stages.kernelOut)
        row.add(details?.runQueue)
        row.add(details?.queueDepth)
        row.add(details?.retransmits)
        row.add(details?.late?.count)
    }

    private static func add(_ identity: RequestIdentity?, to row: inout CSVRow) {
        row.add(identity?.kind.name ?? "")
        row.add(identity?.operation ?? "")
        row.add(identity?.target ?? "")
        row.add(identity?.connection)
        row.add(identity?.sequence)
        row.add(identity?.trace?.traceID ?? "")
        row.add(identity?.trace?.parentID ?? "")
    }

    private static func add(_ reply: ReplyMeasurement?, to row: inout CSVRow) {
        row.add(reply?.end.name ?? "")
        row.add(reply?.firstByte.count)
        row.add(reply?.lastByte.count)
        row.add(reply?.lastRetransmission?.count)
        row.add(reply?.lastAcknowledgement?.count)
        row.add(reply?.bytes)
        row.add(reply?.segments)
        row.add(reply?.retransmissions)
        row.add(reply?.acknowledgementWait?.count)
        row.add(reply?.acknowledgementWait == nil ? nil : reply?.waitIsAtMost == true ? 1 : 0)
    }

    private static func add(_ hop: HopMeasurement, _ direction: String?, to row: inout CSVRow) {
        row.add(direction ?? "")
        row.add(hop.switchID.rawValue)
        row.add(hop.ingressPort)
        row.add(hop.egressPort)
        row.add(hop.ingressTime?.microseconds)
        row.add(hop.egressTime?.microseconds)
        row.add(hop.enqueueTime?.microseconds)
        row.add(hop.queueTime?.duration.map(DurationText.shortMicroseconds) ?? "")
        row.add(hop.enqueueDepth.map { "\($0)" } ?? "")
        row.add(hop.dequeueDepth.map { "\($0)" } ?? "")
        row.add(hop.latency?.duration.map(DurationText.shortMicroseconds) ?? "")
        row.add(hop.packetLength.map { "\($0)" } ?? "")
        row.add(hop.packetsSinceLast)
        row.add(hop.lastTelemetryTime?.microseconds)
        row.add(hop.position)
    }
}

/// One row of comma-separated values.
struct CSVRow {
    private(set) var text = ""
    private var isFirst = true

    mutating func add(_ value: String) { addField(Self.quoted(value)) }

    mutating func add(_ value: (some BinaryInteger)?) { addField(value.map { "\($0)" } ?? "") }

    private mutating func addField(_ field: String) {
        if !isFirst { text += "," }
        isFirst = false
        text += field
    }

    /// As it is, or in quotes if a reader would take it for more than one field.
    static func quoted(_ value: String) -> String {
        let isPlain = value.utf8.allSatisfy { byte in
            byte != UInt8(ascii: ",") && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\n")
                && byte != UInt8(ascii: "\r")
        }
        if isPlain { return value }
        return "\"" + value.replacing("\"", with: "\"\"") + "\""
    }

    mutating func skip(_ count: Int) { text += String(repeating: ",", count: count) }
}
