// SPDX-License-Identifier: Apache-2.0

/// The type of the header that follows an Ethernet header, a VLAN tag or a telemetry record.
public struct EtherType: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// IEEE's number.
    public var rawValue: UInt16

    /// The type of this number.
    @inlinable
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// IPv4.
    public static let ipv4 = EtherType(rawValue: 0x0800)
    /// ARP.
    public static let arp = EtherType(rawValue: 0x0806)
    /// IPv6.
    public static let ipv6 = EtherType(rawValue: 0x86DD)
    /// An 802.1Q tag (customer tag).
    public static let vlan = EtherType(rawValue: 0x8100)
    /// An 802.1ad tag (service tag), the outer one of two.
    public static let serviceVLAN = EtherType(rawValue: 0x88A8)

    /// Whether a VLAN tag follows, of either kind.
    public var isVLANTag: Bool { self == .vlan || self == .serviceVLAN }

    /// `0x0800`
    public var description: String {
        let digits = String(rawValue, radix: 16)
        return "0x" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
