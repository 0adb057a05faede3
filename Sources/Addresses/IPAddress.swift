// SPDX-License-Identifier: Apache-2.0

/// An address of either family.
public enum IPAddress: Sendable, Hashable {
    /// An IPv4 address.
    case v4(IPv4Address)
    /// An IPv6 address.
    case v6(IPv6Address)

    /// - Parameter octets: in the order of transmission; nil unless there are 4 or 16.
    public init?(octets: some Collection<UInt8>) {
        if let address = IPv4Address(octets: octets) {
            self = .v4(address)
        } else if let address = IPv6Address(octets: octets) {
            self = .v6(address)
        } else {
            return nil
        }
    }

    /// 4 or 16, in the order of transmission.
    public var octets: [UInt8] {
        switch self {
        case .v4(let address): address.octets
        case .v6(let address): address.octets
        }
    }

    /// 32 or 128.
    public var bitWidth: Int {
        switch self {
        case .v4: 32
        case .v6: 128
        }
    }

    /// Whether the address is of the IPv6 family.
    public var isIPv6: Bool { bitWidth == 128 }

    /// The address in the low `bitWidth` bits.
    var number: UInt128 {
        switch self {
        case .v4(let address): UInt128(address.rawValue)
        case .v6(let address): address.rawValue
        }
    }
}

/// Four 32-bit numbers in network byte order, as kernel structures have a `__be32[4]`. IPv4 is mapped to `::ffff:a.b.c.d`.
extension IPAddress {
    /// Four numbers of one address.
    public typealias NetworkWords = (UInt32, UInt32, UInt32, UInt32)

    /// The address of this number; an IPv4-mapped one is the IPv4 address.
    public init(unmapping number: UInt128) {
        let address = IPv6Address(rawValue: number)
        self = address.mapped.map(Self.v4) ?? .v6(address)
    }

    /// The address in these words.
    public init(_ words: NetworkWords) {
        let number = [words.0, words.1, words.2, words.3].reduce(UInt128(0)) {
            $0 << 32 | UInt128(UInt32(bigEndian: $1))
        }
        self.init(unmapping: number)
    }

    /// The number of the address, of IPv4 that of the mapped one.
    public var mappedNumber: UInt128 {
        switch self {
        case .v4(let address): IPv6Address(mapping: address).rawValue
        case .v6(let address): address.rawValue
        }
    }

    /// The address in words.
    public var networkWords: NetworkWords {
        let number = mappedNumber
        func word(_ shift: UInt128) -> UInt32 { UInt32(truncatingIfNeeded: number >> shift).bigEndian }
        return (word(96), word(64), word(32), word(0))
    }
}

extension IPAddress: LosslessStringConvertible {
    /// Parses what `IPv4Address` or `IPv6Address` parses.
    public init?(_ text: String) {
        if let address = IPv4Address(text) {
            self = .v4(address)
        } else if let address = IPv6Address(text) {
            self = .v6(address)
        } else {
            return nil
        }
    }

    /// `10.0.1.1` or `2001:db8::1`
    public var description: String {
        switch self {
        case .v4(let address): address.description
        case .v6(let address): address.description
        }
    }
}
