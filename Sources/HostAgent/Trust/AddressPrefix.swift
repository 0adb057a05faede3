// SPDX-License-Identifier: Apache-2.0

public import Wire

/// The addresses that begin with the same bits, IPv4 or IPv6.
public struct AddressPrefix: Sendable, Hashable {
    public let address: IPAddress
    /// 0 to 32, or 128.
    public let length: Int

    /// `10.0.0.0/8`, `2001:db8::/32`, or an address alone. Bits behind the length must be 0: what was meant is not guessed.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = parts.first.flatMap({ IPAddress(String($0)) }) else { return nil }
        let longest = if case .v4 = address { 32 } else { 128 }
        var length = longest
        if parts.count == 2 {
            guard parts[1].allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(parts[1]), number <= longest
            else {
                return nil
            }
            length = number
        }
        self.address = address
        self.length = length
        let mask = length == 0 ? 0 : UInt128.max << UInt128(longest - length)
        guard Self.number(address) & ~mask == 0 else { return nil }
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
