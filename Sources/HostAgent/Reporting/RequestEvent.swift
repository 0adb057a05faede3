// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import CHostPrograms
internal import Journeys
internal import TelemetryFormats
internal import Wire

/// What the server's programs report of one request with telemetry: `struct p4ni_event` or `struct p4ni_outcome`.
struct RequestEvent: Sendable, Hashable {
    /// What makes events of one request one.
    struct Arrival: Sendable, Hashable {
        /// Nanoseconds of CLOCK_MONOTONIC at the XDP hook.
        var time: UInt64
        var processor: UInt32
    }

    /// Why telemetry was dropped.
    enum Drop: Sendable, Hashable {
        /// A later segment stands for the same request, or the segment is one that gets no reply of its own.
        case superseded
        /// It gave way to that of newer requests, or cannot be trusted any more.
        case evicted
        /// Its connection ended, or another began.
        case closed
    }

    enum Kind: Sendable, Hashable {
        /// It has come, with these first bytes of payload.
        case request(RequestTelemetry, head: [UInt8])
        /// Its reply has left with a host record: of 18 bytes, that is nil.
        case answer(ordinal: UInt64, HostMeasurement?)
        /// Its reply has left without telemetry, this long after the request.
        case plain(HostReport.Obstacle, took: UInt64)
        /// Its telemetry was dropped.
        case dropped(Drop)
    }

    var kind: Kind
    var arrival: Arrival
    var host: HostID

    /// - Returns: nil for what this version does not know.
    init?(_ bytes: Span<UInt8>) {
        var cursor = PacketCursor(bytes)
        guard let kind = try? cursor.uint32().bigEndian, let processor = try? cursor.uint32().bigEndian,
            let time = try? cursor.uint64().bigEndian
        else { return nil }
        arrival = Arrival(time: time, processor: processor)
        let read = kind == UInt32(P4NI_EVENT_REQUEST) ? Self.request(&cursor) : Self.outcome(kind, &cursor)
        guard let read else { return nil }
        (self.kind, host) = read
    }

    private static func request(_ cursor: inout PacketCursor) -> (Kind, HostID)? {
        guard let telemetry = try? cursor.uint32().bigEndian, let length = try? cursor.uint32().bigEndian,
            let host = try? cursor.uint32().bigEndian, (try? cursor.skip(4)) != nil, let flow = try? flow(&cursor),
            let bytes = try? cursor.array(Int(telemetry)), let head = try? cursor.array(Int(length)),
            let request = RequestTelemetry(flow, requestID: requestID(head), bytes: bytes)
        else { return nil }
        return (.request(request, head: head), HostID(rawValue: host))
    }

    private static func outcome(_ kind: UInt32, _ cursor: inout PacketCursor) -> (Kind, HostID)? {
        guard let ordinal = try? cursor.uint64().bigEndian, let took = try? cursor.uint64().bigEndian,
            let reason = try? cursor.uint32().bigEndian, let host = try? cursor.uint32().bigEndian,
            let length = try? cursor.uint32().bigEndian, (try? cursor.skip(4)) != nil
        else { return nil }
        let id = HostID(rawValue: host)
        switch kind {
        case UInt32(P4NI_EVENT_ANSWER):
            guard let record = try? cursor.span(Int(length)) else { return nil }
            return (.answer(ordinal: ordinal, extendedRecord(record)), id)
        case UInt32(P4NI_EVENT_PLAIN): return (.plain(obstacle(reason), took: took), id)
        case UInt32(P4NI_EVENT_DROPPED): return (.dropped(drop(reason)), id)
        default: return nil
        }
    }

    private static func extendedRecord(_ record: Span<UInt8>) -> HostMeasurement? {
        guard record.count == HostRecord.extendedSize else { return nil }
        var cursor = PacketCursor(record)
        return try? HostRecord.parse(.extendedHostRecord, from: &cursor)?.host
    }

    private static func obstacle(_ reason: UInt32) -> HostReport.Obstacle {
        switch reason {
        case P4NI_TC_MTU.rawValue: .mtu
        case P4NI_TC_SEGMENTED.rawValue: .segmented
        case P4NI_TC_NO_ROOM.rawValue: .memory
        default: .other
        }
    }

    private static func drop(_ reason: UInt32) -> Drop {
        switch reason {
        case P4NI_XDP_SUPERSEDED.rawValue: .superseded
        case P4NI_TC_CLOSED.rawValue: .closed
        default: .evicted
        }
    }

    private static func requestID(_ head: [UInt8]) -> UInt32? {
        head.count < 4 ? nil : head.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// `struct p4ni_flow_key`, all of it.
    private static func flow(_ cursor: inout PacketCursor) throws(ShortRead) -> Flow {
        let source = IPAddress(unmapping: try cursor.uint128())
        let destination = IPAddress(unmapping: try cursor.uint128())
        let ports = Flow.Ports(
            source: Port(rawValue: try cursor.uint16()), destination: Port(rawValue: try cursor.uint16()))
        let transport = IPProtocol(rawValue: try cursor.uint8())
        // Reserved bytes and the request id.
        try cursor.skip(11)
        return Flow(source: source, destination: destination, ipProtocol: transport, ports: ports)
    }
}
