// SPDX-License-Identifier: Apache-2.0

internal import Documents

extension MatchingRule {
    /// One rule a port; a second for the same one is an error, because one of them would be lost.
    static func list(_ settings: Settings) throws(SettingsError) -> [MatchingRule] {
        var rules: [MatchingRule] = []
        for entry in try settings.list() {
            let rule = try MatchingRule(entry)
            guard !rules.contains(where: { $0.port == rule.port }) else {
                throw entry.error("a second rule for \(rule.port); keep one of them")
            }
            rules.append(rule)
        }
        return rules
    }

    private init(_ entry: Settings) throws(SettingsError) {
        let members = try entry.mapping(of: ["protocol", "port", "id"])
        guard let transport = members["protocol"], let port = members["port"], let id = members["id"] else {
            throw entry.error("a rule has protocol, port and id, as in {protocol: udp, port: 53, id: dns}")
        }
        let serverPort = ServerPort(try transport.choice(), try port.integer(in: 1...UInt16.max))
        let identifier = try RequestIdentifier(id)
        guard let rule = MatchingRule(serverPort, identifier) else {
            throw id.error(
                serverPort.transport == .tcp
                    ? "TCP requests are known by sequence numbers: id is 'sequence' or 'off', not '\(identifier)'"
                    : "'sequence' is for TCP; for UDP id is first4, none, dns, off or {offset: 0, width: 4}")
        }
        self = rule
    }
}

extension RequestIdentifier {
    fileprivate init(_ settings: Settings) throws(SettingsError) {
        guard settings.isMapping else {
            let word = try settings.text()
            guard let known = Self.words.first(where: { $0.word == word }) else {
                throw settings.error(
                    "unknown id '\(word)'; it is first4, none, dns, off, sequence (TCP), or {offset: 0, width: 4}")
            }
            self = known.identifier
            return
        }
        let members = try settings.mapping(of: ["offset", "width"])
        guard let offset = members["offset"], let width = members["width"] else {
            throw settings.error("an id in the payload has offset and width, as in {offset: 4, width: 8}")
        }
        let place = try offset.integer(in: Self.offsets)
        let size = try width.integer(in: 1...8)
        guard Self.widths.contains(size) else { throw width.error("a width is 1, 2, 4 or 8 bytes, not \(size)") }
        self = .field(offset: place, width: size)
    }
}
