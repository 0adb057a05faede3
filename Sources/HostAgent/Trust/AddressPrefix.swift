// SPDX-License-Identifier: Apache-2.0

public import Addresses
import Wire

/// The addresses that begin with the same bits, IPv4 or IPv6.
public struct AddressPrefix: Sendable, Hashable {
    public let address: IPAddress
    /// 0 to 32, or 128.
    public let length: Int

    /// `10.0.0.0/8`, `2001:db8::/32`, or an address alone. Bits behind the length must be 0: what was meant is not
    /// guessed.
    public init(parsing text: String) throws(UnreadableText) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ IPAddress(String($0)) }) else {
            throw UnreadableText("'\(parts.first ?? "")' is no IPv4 or IPv6 address")
        }
        self.address = address
        let longest = if case .v4 = address { 32 } else { 128 }
        length = parts.count == 2 ? try Self.length(parts[1], upTo: longest) : longest
        let mask = length == 0 ? 0 : UInt128.max << UInt128(longest - length)
        guard Self.number(address) & ~mask == 0 else {
            throw UnreadableText("\(address) has bits behind the \(length) of the prefix: they must be 0")
        }
    }

    public init?(_ text: String) {
        guard let prefix = try? AddressPrefix(parsing: text) else { return nil }
        self = prefix
    }

    private static func length(_ text: Substring, upTo longest: Int) throws(UnreadableText) -> Int {
        guard text.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(text), number <= longest else {
            throw UnreadableText("prefix length '\(text)' is no number from 0 to \(longest)")
        }
        return number
    }

    private static func number(_ address: IPAddress) -> UInt128 {
        switch address {
        case .v4(let address): UInt128(address.rawValue)
        case .v6(let address): address.rawValue
        }
    }

    /// The prefix among IPv6 addresses, where those of IPv4 are mapped (::ffff:a.b.c.d).
    var mapped: (address: UInt128, length: Int) {
        let number = Self.number(address)
        return if case .v4 = address { (0xffff << 32 | number, 96 + length) } else { (number, length) }
    }
}

extension AddressPrefix: CustomStringConvertible {
    public var description: String { "\(address)/\(length)" }
}
