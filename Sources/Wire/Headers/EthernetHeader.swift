// SPDX-License-Identifier: Apache-2.0

public import Addresses

/// The 14 bytes in front of every frame. With VLAN tags, `etherType` is the first tag's.
public struct EthernetHeader: Sendable, Hashable {
    public static let size = 14

    public var destination: MACAddress
    public var source: MACAddress
    public var etherType: EtherType

    public init(destination: MACAddress, source: MACAddress, etherType: EtherType) {
        self.destination = destination
        self.source = source
        self.etherType = etherType
    }

    public init(parsing cursor: inout PacketCursor) throws(ShortRead) {
        destination = try MACAddress(parsing: &cursor)
        source = try MACAddress(parsing: &cursor)
        etherType = EtherType(rawValue: try cursor.uint16())
    }

    public func write(into writer: inout PacketWriter) {
        destination.write(into: &writer)
        source.write(into: &writer)
        writer.uint16(etherType.rawValue)
    }
}
