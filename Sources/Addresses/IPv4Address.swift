// SPDX-License-Identifier: Apache-2.0

/// An IPv4 address; `rawValue`'s most significant byte is the first one written.
public struct IPv4Address: RawRepresentable, Sendable, Hashable, LosslessStringConvertible {
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Four decimal numbers without leading zeros: `010` would be eight to some readers and ten to others.
    public init?(_ text: String) {
        let groups = text.split(separator: ".", omittingEmptySubsequences: false)
        guard groups.count == 4 else { return nil }
        var value: UInt32 = 0
        for group in groups {
            guard group.allSatisfy({ $0.isASCII && $0.isNumber }), group == "0" || group.first != "0",
                let byte = UInt8(group)
            else { return nil }
            value = value << 8 | UInt32(byte)
        }
        rawValue = value
    }

    public var description: String {
        stride(from: 24, through: 0, by: -8).map { "\(rawValue >> UInt32($0) & 0xFF)" }.joined(separator: ".")
    }
}
