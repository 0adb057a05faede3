// SPDX-License-Identifier: Apache-2.0

extension MatchingRule: CustomStringConvertible, LosslessStringConvertible {
    /// From `udp/53=dns`; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let port = ServerPort(parts[0]), let identifier = RequestIdentifier(String(parts[1]))
        else { return nil }
        self.init(port, identifier)
    }

    public var description: String { "\(port)=\(identifier)" }
}

extension RequestIdentifier: CustomStringConvertible, LosslessStringConvertible {
    /// Words for what is no field.
    static let words: [(word: String, identifier: RequestIdentifier)] = [
        ("first4", .firstFourBytes), ("none", .none), ("dns", .dns), ("sequence", .sequence), ("off", .off),
    ]

    public init?(_ text: String) {
        if let word = Self.words.first(where: { $0.word == text }) {
            self = word.identifier
        } else {
            guard let field = Self.field(text) else { return nil }
            self = field
        }
    }

    /// From `offset:4,width:8`.
    private static func field(_ text: String) -> RequestIdentifier? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { $0.split(separator: ":") }
        guard parts.count == 2, parts.allSatisfy({ $0.count == 2 }), parts[0][0] == "offset", parts[1][0] == "width",
            let offset = Int(parts[0][1]), let width = Int(parts[1][1])
        else { return nil }
        return .field(at: offset, width: width)
    }

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
