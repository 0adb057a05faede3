// SPDX-License-Identifier: Apache-2.0

public import Addresses
public import Documents

/// A set of services that strip telemetry from requests, by configuration or as learned from their replies.
public struct Peer: Sendable, Hashable {
    /// An IPv4 prefix as the IPv6 prefix that it is mapped to.
    public let address: IPv6Address
    /// 0 to 128; of IPv4 from 96.
    public let bits: Int
    /// nil: every port that is below the request's own.
    public let port: Port?
    /// nil: UDP and TCP.
    public let ipProtocol: IPProtocol?
    /// Telemetry is inserted only once a reply has come with a host record.
    public let isLearned: Bool

    /// `10.0.2.0/24`, `10.0.2.2:1234`, `10.0.2.2:1234/udp`, `2001:db8::/64`, `[2001:db8::2]:443/tcp`. A prefix's bits
    /// after its length must be 0.
    public init(parsing text: String, isLearned: Bool = false) throws(InputError) {
        let parts = try PeerParts(text)
        let prefix: IPPrefix
        do { prefix = try IPPrefix(network: parts.prefix) } catch { throw InputError(error.description) }
        address = prefix.mapped.address
        bits = prefix.mapped.length
        port = parts.port
        ipProtocol = parts.ipProtocol
        self.isLearned = isLearned
    }

    /// A peer of the configuration, as `init(parsing:)`; nil where that throws.
    public init?(_ text: String) { self.init(text, isLearned: false) }

    /// As `init(parsing:isLearned:)`; nil where that throws.
    public init?(_ text: String, isLearned: Bool) {
        guard let peer = try? Peer(parsing: text, isLearned: isLearned) else { return nil }
        self = peer
    }

    /// The same, to be learned.
    public var learned: Peer { Peer(address: address, bits: bits, port: port, ipProtocol: ipProtocol, isLearned: true) }

    private init(address: IPv6Address, bits: Int, port: Port?, ipProtocol: IPProtocol?, isLearned: Bool) {
        self.address = address
        self.bits = bits
        self.port = port
        self.ipProtocol = ipProtocol
        self.isLearned = isLearned
    }

    func contains(_ other: Peer) -> Bool {
        bits <= other.bits && other.address.rawValue & Self.mask(bits) == address.rawValue
    }

    private static func mask(_ bits: Int) -> UInt128 { bits == 0 ? 0 : UInt128.max << UInt128(128 - bits) }
}

/// The words of a peer's text.
private struct PeerParts {
    var prefix: String
    var port: Port?
    var ipProtocol: IPProtocol?

    init(_ text: String) throws(InputError) {
        var rest = text[...]
        for (name, number) in [("/udp", IPProtocol.udp), ("/tcp", .tcp)] where rest.hasSuffix(name) {
            ipProtocol = number
            rest = rest.dropLast(name.count)
        }
        if rest.first == "[" {
            guard let end = rest.firstIndex(of: "]") else { throw InputError("'[' needs a ']' after the address") }
            let suffix = rest[rest.index(after: end)...]
            guard suffix.isEmpty || suffix.first == ":" else {
                throw InputError("'\(suffix)' follows the ']': expected :PORT, /udp, /tcp or nothing")
            }
            if !suffix.isEmpty { port = Port(rawValue: try UInt16(portIn: suffix.dropFirst())) }
            rest = rest[..<end].dropFirst()
        } else if let colon = rest.lastIndex(of: ":"), rest.firstIndex(of: ":") == colon {
            port = Port(rawValue: try UInt16(portIn: rest[rest.index(after: colon)...]))
            rest = rest[..<colon]
        }
        prefix = String(rest)
    }
}

extension Peer: LosslessStringConvertible {
    /// As `init(parsing:)` reads it: IPv4 addresses without their mapping.
    public var description: String {
        let mapped = bits >= 96 ? address.mapped : nil
        let isMapped = mapped != nil
        let shown = mapped.map { "\($0)" } ?? "\(address)"
        let length = isMapped ? bits - 96 : bits
        let prefix = length == (isMapped ? 32 : 128) ? shown : "\(shown)/\(length)"
        let place = port.map { isMapped ? "\(prefix):\($0.rawValue)" : "[\(prefix)]:\($0.rawValue)" } ?? prefix
        guard let ipProtocol else { return place }
        return place + (ipProtocol == .udp ? "/udp" : "/tcp")
    }
}
