// SPDX-License-Identifier: Apache-2.0

/// What follows an Ethernet header, a VLAN tag, or a telemetry record.
public struct EtherType: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    public var rawValue: UInt16

    @inlinable
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let ipv4 = EtherType(rawValue: 0x0800)
    public static let arp = EtherType(rawValue: 0x0806)
    public static let ipv6 = EtherType(rawValue: 0x86DD)
    /// An 802.1Q tag (customer tag).
    public static let vlan = EtherType(rawValue: 0x8100)
    /// An 802.1ad tag (service tag), the outer one of two.
    public static let serviceVLAN = EtherType(rawValue: 0x88A8)

    public var isVLANTag: Bool { self == .vlan || self == .serviceVLAN }

    public var description: String {
        let digits = String(rawValue, radix: 16)
        return "0x" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
