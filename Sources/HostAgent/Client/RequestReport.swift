// SPDX-License-Identifier: Apache-2.0

public import Addresses
internal import CHostPrograms
public import Journeys
internal import Wire

/// What the client's programs report of one request.
public struct RequestReport: Sendable, Hashable {
    /// What the report is about.
    public enum Kind: Sendable, Hashable {
        /// A reply has come with telemetry: the beginning of its unchanged frame, up to the request id.
        case reply(head: [UInt8])
        /// The application has the reply.
        case received(UInt64)
        /// A request has left with a source record.
        case sent
    }

    /// What has happened.
    public var kind: Kind
    /// The flow of the request.
    public var flow: Flow
    /// The source record; nil for a reply without one, whose INT source is a switch.
    public var source: SourceMeasurement?
    /// Nanoseconds of the domain's clock; nil for what was not measured.
    public var called: UInt64?
    /// The same of the reply at the XDP hook.
    public var arrived: UInt64?
    /// With a reply: how many of the flow's replies could not be reported before it.
    public var unreported: UInt32

    /// - Returns: nil if the bytes are not a report that this version knows.
    init?(_ bytes: Span<UInt8>) {
        var cursor = PacketCursor(bytes)
        guard bytes.count >= Int(P4NI_REPORT_FIXED), let fields = try? Fields(&cursor) else { return nil }
        switch fields.kind {
        case UInt32(P4NI_REPORT_REPLY):
            guard let head = try? cursor.span(Int(fields.length)) else { return nil }
            kind = .reply(head: head.indices.map { head[$0] })
        case UInt32(P4NI_REPORT_RECEIVED): kind = .received(fields.received)
        case UInt32(P4NI_REPORT_SENT): kind = .sent
        default: return nil
        }
        flow = fields.flow
        called = fields.called == 0 ? nil : fields.called
        arrived = fields.arrived == 0 ? nil : fields.arrived
        unreported = fields.unreported
        source =
            fields.sequence == 0
            ? nil : SourceMeasurement(host: HostID(rawValue: fields.host), sequence: fields.sequence, sent: fields.sent)
    }
}

/// `struct p4ni_report` up to its head. Numbers are the machine's own, addresses and ports the network's.
private struct Fields {
    var kind: UInt32
    var length: UInt32
    var flow: Flow
    var host: UInt32
    var sequence: UInt32
    var called: UInt64
    var sent: UInt64
    var arrived: UInt64
    var received: UInt64
    var unreported: UInt32

    init(_ cursor: inout PacketCursor) throws(ShortRead) {
        kind = try cursor.uint32().bigEndian
        length = try cursor.uint32().bigEndian
        let source = IPAddress(unmapping: try cursor.uint128())
        let destination = IPAddress(unmapping: try cursor.uint128())
        let ports = Flow.Ports(
            source: Port(rawValue: try cursor.uint16()), destination: Port(rawValue: try cursor.uint16()))
        flow = Flow(
            source: source, destination: destination, ipProtocol: IPProtocol(rawValue: try cursor.uint8()), ports: ports
        )
        try cursor.skip(3)
        host = try cursor.uint32().bigEndian
        sequence = try cursor.uint32().bigEndian
        called = try cursor.uint64().bigEndian
        sent = try cursor.uint64().bigEndian
        arrived = try cursor.uint64().bigEndian
        received = try cursor.uint64().bigEndian
        unreported = try cursor.uint32().bigEndian
        try cursor.skip(4)
    }
}
