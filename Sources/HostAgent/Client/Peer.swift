// SPDX-License-Identifier: Apache-2.0

public import Addresses
public import Documents

/// A set of services that strip telemetry from requests, by configuration or as learned from their replies.
public struct Peer: Sendable, Hashable {
    /// The services' addresses. IPv4-mapped IPv6 is IPv4.
    public let prefix: IPPrefix
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
        do { prefix = try IPPrefix(network: parts.prefix).unmapped } catch { throw InputError(error.description) }
        port = parts.port
        ipProtocol = parts.ipProtocol
        self.isLearned = isLearned
    }

    /// As `init(parsing:)`; nil where that throws.
    public init?(_ text: String) {
        guard let peer = try? Peer(parsing: text) else { return nil }
        self = peer
    }

    /// As `init(parsing:isLearned:)`; nil where that throws.
    public init?(_ text: String, isLearned: Bool) {
        guard let peer = try? Peer(parsing: text, isLearned: isLearned) else { return nil }
        self = peer
    }

    /// The same, to be learned.
    public var learned: Peer { Peer(prefix: prefix, port: port, ipProtocol: ipProtocol, isLearned: true) }

    private init(prefix: IPPrefix, port: Port?, ipProtocol: IPProtocol?, isLearned: Bool) {
        self.prefix = prefix
        self.port = port
        self.ipProtocol = ipProtocol
        self.isLearned = isLearned
    }

    /// `::/0` contains IPv4 too.
    func contains(_ other: Peer) -> Bool {
        let (mine, others) = (prefix.mapped, other.prefix.mapped)
        guard let mine = IPPrefix(.v6(mine.address), length: mine.length),
            let others = IPPrefix(.v6(others.address), length: others.length)
        else { return false }
        return mine.contains(others)
    }
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
            guard let end = rest.firstIndex(of: "]") else {
                throw InputError("the address must end with ']', got '\(text)'")
            }
            let suffix = rest[rest.index(after: end)...]
            guard suffix.isEmpty || suffix.first == ":" else {
                throw InputError("after ']' must come :PORT, /udp, /tcp or nothing, got '\(suffix)'")
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
        let isSingle = prefix == IPPrefix(only: prefix.address)
        let shown = isSingle ? "\(prefix.address)" : "\(prefix)"
        let place =
            port.map { prefix.address.isIPv6 ? "[\(shown)]:\($0.rawValue)" : "\(shown):\($0.rawValue)" } ?? shown
        guard let ipProtocol else { return place }
        return place + (ipProtocol == .udp ? "/udp" : "/tcp")
    }
}
