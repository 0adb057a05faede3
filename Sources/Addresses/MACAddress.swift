// SPDX-License-Identifier: Apache-2.0

/// A 48-bit Ethernet address. The upper 16 bits of `rawValue` are zero.
public struct MACAddress: RawRepresentable, Sendable, Hashable, LosslessStringConvertible {
    public let rawValue: UInt64

    public init(rawValue: UInt64) { self.rawValue = rawValue & 0xFFFF_FFFF_FFFF }

    /// Six groups of one or two hexadecimal digits, parted by colons or by dashes.
    public init?(_ text: String) {
        let separator: Character = text.contains(":") ? ":" : "-"
        let groups = text.split(separator: separator, omittingEmptySubsequences: false)
        guard groups.count == 6 else { return nil }
        var value: UInt64 = 0
        for group in groups {
            guard group.count <= 2, group.allSatisfy(\.isHexDigit), let byte = UInt8(group, radix: 16) else {
                return nil
            }
            value = value << 8 | UInt64(byte)
        }
        rawValue = value
    }

    public var description: String {
        stride(from: 40, through: 0, by: -8)
            .map { (shift: Int) -> String in
                let octet = rawValue >> UInt64(shift) & 0xFF
                return (octet < 16 ? "0" : "") + String(octet, radix: 16)
            }
            .joined(separator: ":")
    }
}
