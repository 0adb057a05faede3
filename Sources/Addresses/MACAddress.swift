// SPDX-License-Identifier: Apache-2.0

/// A 48-bit Ethernet address.
public struct MACAddress: RawRepresentable, Sendable, Hashable {
    /// The first octet is the most significant of 6 bytes; the upper 16 bits are 0.
    public let rawValue: UInt64

    /// - Parameter rawValue: the upper 16 bits are ignored.
    public init(rawValue: UInt64) { self.rawValue = rawValue & 0xFFFF_FFFF_FFFF }

    /// - Parameter octets: in the order of transmission; nil unless there are 6.
    public init?(octets: some Collection<UInt8>) {
        guard octets.count == 6 else { return nil }
        rawValue = octets.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// ff:ff:ff:ff:ff:ff.
    public static let broadcast = MACAddress(rawValue: .max)

    /// 6, in the order of transmission.
    public var octets: [UInt8] { (0..<6).map { UInt8(truncatingIfNeeded: rawValue >> UInt64(40 - 8 * $0)) } }

    /// Whether the address is a group's: multicast or broadcast.
    public var isGroup: Bool { rawValue >> 40 & 1 == 1 }
}

extension MACAddress: LosslessStringConvertible {
    /// Parses six groups of one or two hexadecimal digits, separated by colons or by dashes.
    public init?(_ text: String) {
        let separator: Character = text.contains(":") ? ":" : "-"
        let groups = text.split(separator: separator, omittingEmptySubsequences: false)
        guard groups.count == 6 else { return nil }
        var value: UInt64 = 0
        for group in groups {
            guard group.utf8.count <= 2, group.allSatisfy(\.isHexDigit), let byte = UInt8(group, radix: 16) else {
                return nil
            }
            value = value << 8 | UInt64(byte)
        }
        rawValue = value
    }

    /// `08:00:00:00:01:11`
    public var description: String {
        octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    }
}
