// SPDX-License-Identifier: Apache-2.0

/// The number in IPv4's protocol field and in IPv6's next-header field.
public struct IPProtocol: RawRepresentable, Sendable, Hashable {
    /// IANA's number.
    public var rawValue: UInt8

    /// The protocol of this number.
    @inlinable
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// ICMP for IPv4.
    public static let icmp = IPProtocol(rawValue: 1)
    /// TCP.
    public static let tcp = IPProtocol(rawValue: 6)
    /// UDP.
    public static let udp = IPProtocol(rawValue: 17)
    /// ICMP for IPv6.
    public static let icmpv6 = IPProtocol(rawValue: 58)
}

extension IPProtocol: LosslessStringConvertible {
    private static let names: [(name: String, value: IPProtocol)] = [
        ("icmp", .icmp), ("tcp", .tcp), ("udp", .udp), ("icmpv6", .icmpv6),
    ]

    /// Parses what `description` prints.
    public init?(_ text: String) {
        if let known = Self.names.first(where: { $0.name == text }) {
            self = known.value
        } else if let number = UInt8(text), "\(number)" == text {
            rawValue = number
        } else {
            return nil
        }
    }

    /// `icmp`, `tcp`, `udp`, `icmpv6`, or the number.
    public var description: String { Self.names.first { $0.value == self }?.name ?? "\(rawValue)" }
}
