// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import CHostPrograms
internal import Journeys
internal import Wire

/// What the server's programs report of one request with telemetry: `struct p4ni_event`.
struct RequestEvent: Sendable, Hashable {
    /// What makes a request's two events one.
    struct Arrival: Sendable, Hashable {
        /// Nanoseconds of CLOCK_MONOTONIC at the XDP hook.
        var time: UInt64
        var processor: UInt32
    }

    enum Kind: Sendable, Hashable {
        /// It has come, with these first bytes of payload.
        case request(Flow, head: [UInt8])
        /// Its reply has left with this host record.
        case answer(HostReport.Key)
    }

    var kind: Kind
    var arrival: Arrival

    /// - Returns: nil for what this version does not know.
    init?(_ bytes: Span<UInt8>) {
        var cursor = PacketCursor(bytes)
        guard let kind = try? cursor.uint32().bigEndian, let processor = try? cursor.uint32().bigEndian,
            let time = try? cursor.uint64().bigEndian, let ordinal = try? cursor.uint64().bigEndian,
            let length = try? cursor.uint32().bigEndian, let host = try? cursor.uint32().bigEndian
        else { return nil }
        arrival = Arrival(time: time, processor: processor)
        switch kind {
        case UInt32(P4NI_EVENT_ANSWER):
            self.kind = .answer(HostReport.Key(host: HostID(rawValue: host), ordinal: ordinal))
        case UInt32(P4NI_EVENT_REQUEST):
            guard let flow = try? Self.flow(&cursor), let head = try? cursor.array(Int(length)) else { return nil }
            self.kind = .request(flow, head: head)
        default: return nil
        }
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
