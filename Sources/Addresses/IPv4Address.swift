// SPDX-License-Identifier: Apache-2.0

/// An IPv4 address.
public struct IPv4Address: RawRepresentable, Sendable, Hashable {
    /// The first octet is the most significant byte.
    public let rawValue: UInt32

    /// - Parameter rawValue: the first octet is the most significant byte.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// - Parameter octets: in the order of transmission; nil unless there are 4.
    public init?(octets: some Collection<UInt8>) {
        guard octets.count == 4 else { return nil }
        rawValue = octets.reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// 0.0.0.0.
    public static let any = IPv4Address(rawValue: 0)
    /// 127.0.0.1.
    public static let loopback = IPv4Address(rawValue: 0x7f00_0001)

    /// 4, in the order of transmission.
    public var octets: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: rawValue >> (24 - 8 * $0)) } }
}

extension IPv4Address: LosslessStringConvertible {
    /// Parses four decimal numbers without leading zeros: some readers take `010` as 8, others as 10.
    public init?(_ text: String) {
        let groups = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard groups.count == 4 else { return nil }
        var value: UInt32 = 0
        for group in groups {
            guard let octet = Self.octet(group) else { return nil }
            value = value << 8 | UInt32(octet)
        }
        rawValue = value
    }

    private static func octet(_ digits: Substring.UTF8View) -> UInt8? {
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            digits.count == 1 || digits.first != UInt8(ascii: "0")
        else { return nil }
        return UInt8(Substring(digits))
    }

    /// `10.0.1.1`
    public var description: String { octets.map(String.init).joined(separator: ".") }
}
