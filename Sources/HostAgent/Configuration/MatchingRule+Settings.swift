// SPDX-License-Identifier: Apache-2.0

internal import Documents

extension MatchingRule {
    /// One rule a port; a second for the same one is an error, because one of them would be lost.
    static func list(_ settings: DocumentNode) throws(InputError) -> [MatchingRule] {
        var rules: [MatchingRule] = []
        for entry in try settings.list() {
            let rule = try MatchingRule(entry)
            guard !rules.contains(where: { $0.port == rule.port }) else {
                throw entry.error("a port must have one rule, got a second for \(rule.port)")
            }
            rules.append(rule)
        }
        return rules
    }

    private init(_ entry: DocumentNode) throws(InputError) {
        let members = try entry.mapping(of: ["protocol", "port", "id"])
        guard let transport = members["protocol"], let port = members["port"], let id = members["id"] else {
            throw entry.error(expected: "protocol, port and id, such as {protocol: udp, port: 53, id: dns}")
        }
        let serverPort = ServerPort(try transport.choice(), try port.integer(in: 1...UInt16.max))
        let identifier = try RequestIdentifier(id)
        guard let rule = MatchingRule(serverPort, identifier) else {
            throw id.error(
                expected: serverPort.transport == .tcp
                    ? "sequence or off for TCP" : "first4, none, dns, off or {offset: 0, width: 4} for UDP")
        }
        self = rule
    }
}

extension RequestIdentifier {
    fileprivate init(_ settings: DocumentNode) throws(InputError) {
        guard settings.isMapping else {
            let word = try settings.string()
            guard let known = Self.words.first(where: { $0.word == word }) else {
                throw settings.error(
                    expected: "first4, none, dns, off, sequence (TCP) or {offset: 0, width: 4}")
            }
            self = known.identifier
            return
        }
        let members = try settings.mapping(of: ["offset", "width"])
        guard let offset = members["offset"], let width = members["width"] else {
            throw settings.error(expected: "offset and width, such as {offset: 4, width: 8}")
        }
        let place = try offset.integer(in: Self.offsets)
        let size = try width.integer(in: 1...8)
        guard Self.widths.contains(size) else { throw width.error(expected: "1, 2, 4 or 8 bytes") }
        self = .field(offset: place, width: size)
    }
}
