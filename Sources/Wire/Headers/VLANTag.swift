// SPDX-License-Identifier: Apache-2.0

/// The bytes after a tag's EtherType (0x8100 or 0x88A8): `priority:3 dropEligible:1 vlan:12 etherType:16`.
public struct VLANTag: Sendable, Hashable {
    /// Bytes on the wire: the tag and the EtherType that follows it.
    public static let size = 4

    /// 0 to 7.
    public var priority: UInt8
    /// Whether the frame may be dropped first under congestion (DEI).
    public var isDropEligible: Bool
    /// 0 to 4095; 0 means "priority only".
    public var vlan: UInt16
    /// The type of what follows this tag.
    public var etherType: EtherType

    /// A tag with the EtherType of what follows it.
    public init(priority: UInt8 = 0, isDropEligible: Bool = false, vlan: UInt16, etherType: EtherType) {
        self.priority = priority & 7
        self.isDropEligible = isDropEligible
        self.vlan = vlan & 0xFFF
        self.etherType = etherType
    }

    /// Reads 4 bytes.
    public init(parsing cursor: inout PacketCursor) throws(ShortRead) {
        let both = try cursor.uint32()
        priority = UInt8(both >> 29)
        isDropEligible = both >> 28 & 1 == 1
        vlan = UInt16(both >> 16 & 0xFFF)
        etherType = EtherType(rawValue: UInt16(truncatingIfNeeded: both))
    }

    /// Writes 4 bytes.
    public func write(into writer: inout PacketWriter) {
        writer.uint16(UInt16(priority & 7) << 13 | (isDropEligible ? 1 << 12 : 0) | vlan & 0xFFF)
        writer.uint16(etherType.rawValue)
    }
}
