// SPDX-License-Identifier: Apache-2.0

public import Addresses

/// The 14 bytes in front of every frame. With VLAN tags, `etherType` is the first tag's.
public struct EthernetHeader: Sendable, Hashable {
    /// Bytes on the wire.
    public static let size = 14

    /// The receiver's address.
    public var destination: MACAddress
    /// The sender's address.
    public var source: MACAddress
    /// What follows this header.
    public var etherType: EtherType

    /// A header before what `etherType` names.
    public init(destination: MACAddress, source: MACAddress, etherType: EtherType) {
        self.destination = destination
        self.source = source
        self.etherType = etherType
    }

    /// Reads 14 bytes.
    public init(parsing cursor: inout PacketCursor) throws(ShortRead) {
        destination = try MACAddress(parsing: &cursor)
        source = try MACAddress(parsing: &cursor)
        etherType = EtherType(rawValue: try cursor.uint16())
    }

    /// Writes 14 bytes.
    public func write(into writer: inout PacketWriter) {
        destination.write(into: &writer)
        source.write(into: &writer)
        writer.uint16(etherType.rawValue)
    }
}
