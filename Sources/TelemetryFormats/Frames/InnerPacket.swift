// SPDX-License-Identifier: Apache-2.0

public import Addresses
public import Journeys
internal import Wire

/// What the collector needs of the packet that carried the telemetry.
public struct InnerPacket: Sendable, Hashable {
    /// In the packet's own direction.
    public var flow: Flow
    /// The first 4 bytes of a UDP or TCP payload; nil if the payload is shorter or was cut off before.
    public var requestID: UInt32?
    /// Of TCP: which bytes of the connection these are; nil if the header was cut off.
    public var segment: TCPSegment?

    /// A packet in the direction of `flow`.
    public init(flow: Flow, requestID: UInt32?, segment: TCPSegment? = nil) {
        self.flow = flow
        self.requestID = requestID
        self.segment = segment
    }

    /// Reads headers up to the request id. The packet may be cut after them, so lengths that reach beyond the frame
    /// are fine.
    static func read(_ type: EtherType, from cursor: inout PacketCursor) throws(Malformed) -> InnerPacket {
        do throws(ShortRead) {
            switch type {
            case .ipv4: return try ipv4(&cursor)
            case .ipv6: return try ipv6(&cursor)
            default: break
            }
        } catch {
            throw .shortInner
        }
        throw .unknownInner
    }

    private static func ipv4(_ cursor: inout PacketCursor) throws(ShortRead) -> InnerPacket {
        try requireVersion(4, &cursor)
        let header = try IPv4Header(parsing: &cursor)
        let flow = Flow(
            source: .v4(header.source), destination: .v4(header.destination), ipProtocol: header.ipProtocol)
        let length = Int(header.totalLength) - header.size
        guard length >= 0 else {
            throw ShortRead(offset: cursor.offset, needed: header.size, available: Int(header.totalLength))
        }
        return header.holdsTransportHeader
            ? try transport(flow, length, &cursor) : InnerPacket(flow: flow, requestID: nil)
    }

    private static func ipv6(_ cursor: inout PacketCursor) throws(ShortRead) -> InnerPacket {
        try requireVersion(6, &cursor)
        let header = try IPv6Header(parsing: &cursor)
        let flow = Flow(
            source: .v6(header.source), destination: .v6(header.destination), ipProtocol: header.nextHeader)
        return try transport(flow, Int(header.payloadLength), &cursor)
    }

    private static func requireVersion(_ version: UInt8, _ cursor: inout PacketCursor) throws(ShortRead) {
        guard try cursor.peek() >> 4 == version else {
            throw ShortRead(offset: cursor.offset, needed: Int(version), available: 0)
        }
    }

    private static func transport(
        _ flow: Flow, _ length: Int, _ cursor: inout PacketCursor
    ) throws(ShortRead) -> InnerPacket {
        var packet = InnerPacket(flow: flow, requestID: nil)
        switch flow.ipProtocol {
        case .udp:
            let header = try UDPHeader(parsing: &cursor)
            guard header.length >= UDPHeader.size, Int(header.length) <= length else {
                throw ShortRead(
                    offset: cursor.offset, needed: UDPHeader.size, available: min(length, Int(header.length)))
            }
            packet.flow.ports = Flow.Ports(source: header.sourcePort, destination: header.destinationPort)
            if Int(header.length) >= UDPHeader.size + 4, cursor.remaining >= 4 {
                packet.requestID = try cursor.uint32()
            }
        case .tcp:
            packet.flow.ports = Flow.Ports(
                source: Port(rawValue: try cursor.uint16()), destination: Port(rawValue: try cursor.uint16()))
            if cursor.remaining >= TCPHeader.fixedSize - 4 { try segment(of: &packet, length, &cursor) }
        default: break
        }
        return packet
    }

    /// Reads on after the ports: the rest of the header, and the request id if it was not cut off.
    private static func segment(
        of packet: inout InnerPacket, _ length: Int, _ cursor: inout PacketCursor
    ) throws(ShortRead) {
        let sequence = try cursor.uint32()
        let acknowledgement = try cursor.uint32()
        let header = Int(try cursor.uint8() >> 4) * 4
        guard header >= TCPHeader.fixedSize, header <= length else {
            throw ShortRead(offset: cursor.offset, needed: TCPHeader.fixedSize, available: min(length, header))
        }
        packet.segment = TCPSegment(sequence: sequence, acknowledgement: acknowledgement, length: length - header)
        // 13 bytes of the header are read.
        guard length - header >= 4, cursor.remaining >= header - 13 + 4 else { return }
        try cursor.skip(header - 13)
        packet.requestID = try cursor.uint32()
    }
}
