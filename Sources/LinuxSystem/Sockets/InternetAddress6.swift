// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// An IPv6 address as the kernel's calls take it.
public struct InternetAddress6: Hashable, Sendable {
    /// The first eight octets and the last eight, each with its first octet as the most significant byte.
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// - Parameter octets: 16, in the order they are sent.
    public init?(octets: some Collection<UInt8>) {
        guard octets.count == 16 else { return nil }
        high = octets.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        low = octets.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Any form that RFC 4291 allows, without a zone.
    public init?(_ text: some StringProtocol) {
        var octets = [UInt8](repeating: 0, count: 16)
        guard unsafe inet_pton(AF_INET6, String(text), &octets) == 1 else { return nil }
        self.init(octets: octets)
    }

    public static let any = InternetAddress6(high: 0, low: 0)
    public static let loopback = InternetAddress6(high: 0, low: 1)

    /// In the order they are sent.
    public var octets: [UInt8] {
        [high, low].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> UInt64(56 - 8 * $0)) } }
    }
}

extension InternetAddress6: CustomStringConvertible {
    /// The shortest form (RFC 5952).
    public var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let octets = octets
        guard unsafe inet_ntop(AF_INET6, octets, &text, socklen_t(text.count)) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// An address of either family.
public enum NetworkAddress: Hashable, Sendable {
    case v4(InternetAddress)
    case v6(InternetAddress6)

    public init?(_ text: some StringProtocol) {
        if let address = InternetAddress(text) {
            self = .v4(address)
        } else if let address = InternetAddress6(text) {
            self = .v6(address)
        } else {
            return nil
        }
    }

    /// 4 or 16, in the order they are sent.
    public var octets: [UInt8] {
        switch self {
        case .v4(let address): address.octets
        case .v6(let address): address.octets
        }
    }
}

extension NetworkAddress: CustomStringConvertible {
    public var description: String {
        switch self {
        case .v4(let address): "\(address)"
        case .v6(let address): "\(address)"
        }
    }
}
