// SPDX-License-Identifier: Apache-2.0

public import Documents

extension MatchingRule: CustomStringConvertible, LosslessStringConvertible {
    /// From `udp/53=dns`.
    public init(parsing text: String) throws(InputError) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw InputError("expected PROTOCOL/PORT=ID, such as udp/53=dns, got '\(text)'") }
        let port = try ServerPort(parsing: parts[0])
        guard let rule = MatchingRule(port, try RequestIdentifier(parsing: String(parts[1]))) else {
            throw InputError(
                port.transport == .tcp
                    ? "the id must be sequence or off for TCP, got '\(parts[1])'"
                    : "the id must be first4, none, dns, off or offset:BYTES,width:1|2|4|8 for UDP, got '\(parts[1])'")
        }
        self = rule
    }

    /// As `init(parsing:)`; nil where that throws.
    public init?(_ text: String) {
        guard let rule = try? MatchingRule(parsing: text) else { return nil }
        self = rule
    }

    /// `udp/53=dns`, as `init(parsing:)` reads it.
    public var description: String { "\(port)=\(identifier)" }
}

extension RequestIdentifier: CustomStringConvertible, LosslessStringConvertible {
    /// The words for identifiers that are not fields.
    static let words: [(word: String, identifier: RequestIdentifier)] = [
        ("first4", .firstFourBytes), ("none", .none), ("dns", .dns), ("sequence", .sequence), ("off", .off),
    ]

    /// From a word such as `dns`, or from `offset:4,width:8`.
    public init(parsing text: String) throws(InputError) {
        if let word = Self.words.first(where: { $0.word == text }) {
            self = word.identifier
        } else {
            self = try Self.field(text)
        }
    }

    /// As `init(parsing:)`; nil where that throws.
    public init?(_ text: String) {
        guard let identifier = try? RequestIdentifier(parsing: text) else { return nil }
        self = identifier
    }

    /// From `offset:4,width:8`.
    private static func field(_ text: String) throws(InputError) -> RequestIdentifier {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map {
            $0.split(separator: ":", omittingEmptySubsequences: false)
        }
        guard parts.count == 2, parts.allSatisfy({ $0.count == 2 }), parts[0][0] == "offset", parts[1][0] == "width"
        else {
            throw InputError(
                "the id must be first4, none, dns, off, sequence (TCP) or offset:BYTES,width:1|2|4|8, got '\(text)'")
        }
        guard let offset = Int(parts[0][1]), offsets.contains(offset) else {
            throw InputError(
                "offset must be \(offsets.lowerBound) to \(offsets.upperBound), got '\(parts[0][1])'")
        }
        guard let width = Int(parts[1][1]), let field = RequestIdentifier.field(at: offset, width: width) else {
            throw InputError("width must be 1, 2, 4 or 8 bytes, got '\(parts[1][1])'")
        }
        return field
    }

    /// `dns`, `offset:4,width:8`: as `init(parsing:)` reads it.
    public var description: String {
        if case .field(let offset, let width) = self { return "offset:\(offset),width:\(width)" }
        return Self.words.first { $0.identifier == self }?.word ?? ""
    }
}

extension MatchingRule: Encodable {
    private enum CodingKeys: String, CodingKey { case transport = "protocol", port, id, offset, width }

    /// As the configuration file has it, but that a field's offset and width stand beside `id`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(port.transport, forKey: .transport)
        try container.encode(port.number, forKey: .port)
        if case .field(let offset, let width) = identifier {
            try container.encode("field", forKey: .id)
            try container.encode(offset, forKey: .offset)
            try container.encode(width, forKey: .width)
        } else {
            try container.encode("\(identifier)", forKey: .id)
        }
    }
}
