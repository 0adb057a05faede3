// SPDX-License-Identifier: Apache-2.0

public import Documents

/// How the requests to one of the server's ports are distinguished, so that each reply gets its own request's
/// telemetry.
///
/// Written `udp/53=dns`, `udp/7000=offset:4,width:8`, `tcp/25=off`.
public struct MatchingRule: Sendable, Hashable {
    /// The port that the rule is for.
    public let port: ServerPort
    /// What identifies a request to that port.
    public let identifier: RequestIdentifier

    /// nil for an identifier that the protocol does not have, such as a field of the payload with TCP.
    public init?(_ port: ServerPort, _ identifier: RequestIdentifier) {
        guard identifier.isPossible(with: port.transport) else { return nil }
        self.port = port
        self.identifier = identifier
    }
}

extension MatchingRule {
    /// These rules, and those of well-known ports that they do not name: DNS, whose ids are 2 bytes.
    public static func completed(_ rules: [MatchingRule]) -> [MatchingRule] {
        let dns = ServerPort(.udp, 53)
        guard !rules.contains(where: { $0.port == dns }), let rule = MatchingRule(dns, .dns) else { return rules }
        return [rule] + rules
    }
}

/// A port on which the server is asked.
public struct ServerPort: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The transport protocol of a port.
    public enum Transport: String, CaseIterable, Sendable, Hashable, Codable {
        /// The transport protocol of this name.
        case udp, tcp
    }

    /// UDP or TCP: a number is a different port with each.
    public let transport: Transport
    /// The port number, from 1 to 65535.
    public let number: UInt16

    /// A port by its parts.
    public init(_ transport: Transport, _ number: UInt16) {
        self.transport = transport
        self.number = number
    }

    /// From `udp/53`.
    public init(parsing text: some StringProtocol) throws(InputError) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw InputError("expected PROTOCOL/PORT, such as udp/53, got '\(text)'") }
        guard let transport = Transport(rawValue: String(parts[0])) else {
            throw InputError("protocol must be udp or tcp, got '\(parts[0])'")
        }
        self.init(transport, try UInt16(portIn: parts[1]))
    }

    /// As `init(parsing:)`; nil where that throws.
    public init?(_ text: some StringProtocol) {
        guard let port = try? ServerPort(parsing: text) else { return nil }
        self = port
    }

    /// `udp/53`.
    public var description: String { "\(transport.rawValue)/\(number)" }

    /// UDP before TCP, then by number.
    public static func < (left: Self, right: Self) -> Bool {
        (left.transport == .tcp ? 1 : 0, left.number) < (right.transport == .tcp ? 1 : 0, right.number)
    }
}

/// The part of a request that identifies it.
public enum RequestIdentifier: Sendable, Hashable {
    /// UDP: the first 4 bytes of the payload. What a port without a rule has.
    case firstFourBytes
    /// UDP: nothing; replies are taken to come in the order of the requests.
    case none
    /// UDP: the id of DNS, the first 2 bytes.
    case dns
    /// UDP: bytes of the payload, 1, 2, 4 or 8 of them.
    case field(offset: Int, width: Int)
    /// TCP: sequence numbers. What a port without a rule has.
    case sequence
    /// Telemetry is taken off requests and not kept.
    case off

    /// Offsets in bytes, from the start of the payload, that a field may have.
    public static let offsets = 0...1400
    /// Widths in bytes that a field may have.
    public static let widths = [1, 2, 4, 8]

    /// A field of the payload; nil beyond `offsets` and `widths`.
    public static func field(at offset: Int, width: Int) -> RequestIdentifier? {
        offsets.contains(offset) && widths.contains(width) ? .field(offset: offset, width: width) : nil
    }

    func isPossible(with transport: ServerPort.Transport) -> Bool {
        switch self {
        case .off: true
        case .sequence: transport == .tcp
        case .firstFourBytes, .none, .dns, .field: transport == .udp
        }
    }

    /// What ports have that no rule names.
    static func standard(of transport: ServerPort.Transport) -> RequestIdentifier {
        transport == .udp ? .firstFourBytes : .sequence
    }
}

extension UInt16 {
    /// A port that something can listen on.
    init(portIn text: some StringProtocol) throws(InputError) {
        guard let number = UInt16(text), number > 0 else {
            throw InputError("port must be 1 to 65535, got '\(text)'")
        }
        self = number
    }
}
