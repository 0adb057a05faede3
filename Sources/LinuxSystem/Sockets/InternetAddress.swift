// SPDX-License-Identifier: Apache-2.0

/// An IPv4 address as the kernel's calls take it.
public struct InternetAddress: Hashable, Sendable {
    /// The first octet is the most significant byte.
    public let number: UInt32

    public init(number: UInt32) { self.number = number }

    /// Four decimal numbers with dots; nothing shorter, and no leading zeros, which some read as octal.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var number: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (48...57).contains($0) }),
                part.utf8.count == 1 || part.utf8.first != UInt8(ascii: "0"), let octet = UInt8(part)
            else { return nil }
            number = number << 8 | UInt32(octet)
        }
        self.number = number
    }

    public static let any = InternetAddress(number: 0)
    public static let loopback = InternetAddress(number: 0x7f00_0001)

    /// In the order they are sent.
    public var octets: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) } }
}

extension InternetAddress: CustomStringConvertible {
    public var description: String { octets.map(String.init).joined(separator: ".") }
}
