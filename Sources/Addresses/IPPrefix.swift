// SPDX-License-Identifier: Apache-2.0

/// An address and the length of its network's prefix: a network (`10.0.1.0/24`), or one interface's address in its
/// network (`10.0.1.1/24`).
public struct IPPrefix: Sendable, Hashable {
    /// The address, with the bits after the prefix as given.
    public let address: IPAddress
    /// In bits: 0 to 32, or to 128 for IPv6.
    public let length: Int

    /// - Parameter length: in bits; nil if it exceeds the address or is negative.
    public init?(_ address: IPAddress, length: Int) {
        guard (0...address.bitWidth).contains(length) else { return nil }
        self.address = address
        self.length = length
    }

    /// The prefix that contains exactly one address.
    public init(only address: IPAddress) {
        self.address = address
        length = address.bitWidth
    }

    /// Whether the bits after the prefix are 0, as in the name of a network.
    public var isNetwork: Bool { address.number & ~Self.mask(length, of: address.bitWidth) == 0 }

    /// Whether all addresses of `other` are addresses of this prefix. A prefix of one family contains none of the other.
    public func contains(_ other: IPPrefix) -> Bool {
        guard address.bitWidth == other.address.bitWidth, length <= other.length else { return false }
        return (address.number ^ other.address.number) & Self.mask(length, of: address.bitWidth) == 0
    }

    /// The prefix among IPv6 addresses: IPv4 is mapped to `::ffff:a.b.c.d`, 96 bits longer.
    public var mapped: (address: IPv6Address, length: Int) {
        switch address {
        case .v4(let address): (IPv6Address(mapping: address), 96 + length)
        case .v6(let address): (address, length)
        }
    }

    /// The same, with a prefix of IPv4-mapped addresses as one of IPv4.
    public var unmapped: IPPrefix {
        guard case .v6(let address) = address, length >= 96, let inner = address.mapped else { return self }
        return IPPrefix(.v4(inner), length: length - 96) ?? self
    }

    /// Ones in the first `length` of `width` bits.
    private static func mask(_ length: Int, of width: Int) -> UInt128 {
        length == 0 ? 0 : ~0 >> UInt128(128 - width) & ~0 << UInt128(width - length)
    }
}

extension IPPrefix: LosslessStringConvertible {
    /// Parses an address, a slash and the length in decimal.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(String(parts[0])), let length = Self.length(parts[1]) else {
            return nil
        }
        self.init(address, length: length)
    }

    /// Parses the name of a network: `10.0.0.0/8`, `2001:db8::/32`, or one address without a length. Bits after the
    /// prefix must be 0.
    public init(network text: String) throws(AddressError) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ IPAddress(String($0)) }) else {
            throw AddressError("the address must be IPv4 or IPv6, got '\(parts.first ?? "")'")
        }
        guard parts.count == 2 else {
            self.init(only: address)
            return
        }
        guard let length = Self.length(parts[1]), let prefix = IPPrefix(address, length: length) else {
            throw AddressError("prefix length must be 0 to \(address.bitWidth), got '\(parts[1])'")
        }
        guard prefix.isNetwork else {
            throw AddressError("the bits after the first \(length) of a prefix must be 0, got \(prefix)")
        }
        self = prefix
    }

    private static func length(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
    }

    /// `10.0.1.1/24`
    public var description: String { "\(address)/\(length)" }
}
