// SPDX-License-Identifier: Apache-2.0

public import Addresses

/// The fixed 40 bytes of IPv6. Extension headers are not read: `nextHeader` names the first of them, if there is one.
public struct IPv6Header: Sendable, Hashable {
    /// Bytes on the wire, without extension headers.
    public static let size = 40

    /// Differentiated services and congestion notification.
    public var trafficClass: UInt8
    /// 20 bits.
    public var flowLabel: UInt32
    /// What follows these 40 bytes, as sent; a truncated copy of the packet holds less.
    public var payloadLength: UInt16
    /// What follows this header.
    public var nextHeader: IPProtocol
    /// Routers that may still forward the packet.
    public var hopLimit: UInt8
    /// The sender's address.
    public var source: IPv6Address
    /// The receiver's address.
    public var destination: IPv6Address

    /// The defaults are those of a packet that the kernel sends.
    public init(
        trafficClass: UInt8 = 0, flowLabel: UInt32 = 0, payloadLength: UInt16, nextHeader: IPProtocol,
        hopLimit: UInt8 = 64, source: IPv6Address, destination: IPv6Address
    ) {
        self.trafficClass = trafficClass
        self.flowLabel = flowLabel & 0xFFFFF
        self.payloadLength = payloadLength
        self.nextHeader = nextHeader
        self.hopLimit = hopLimit
        self.source = source
        self.destination = destination
    }

    /// Reads 40 bytes. The version field is not checked.
    public init(parsing cursor: inout PacketCursor) throws(ShortRead) {
        let first = try cursor.uint32()
        trafficClass = UInt8(truncatingIfNeeded: first >> 20)
        flowLabel = first & 0xFFFFF
        payloadLength = try cursor.uint16()
        nextHeader = IPProtocol(rawValue: try cursor.uint8())
        hopLimit = try cursor.uint8()
        source = try IPv6Address(parsing: &cursor)
        destination = try IPv6Address(parsing: &cursor)
    }

    /// Writes 40 bytes.
    public func write(into writer: inout PacketWriter) {
        writer.uint32(6 << 28 | UInt32(trafficClass) << 20 | flowLabel & 0xFFFFF)
        writer.uint16(payloadLength)
        writer.uint8(nextHeader.rawValue)
        writer.uint8(hopLimit)
        source.write(into: &writer)
        destination.write(into: &writer)
    }
}
