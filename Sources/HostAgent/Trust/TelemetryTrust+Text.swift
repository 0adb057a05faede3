// SPDX-License-Identifier: Apache-2.0

internal import Documents

extension TelemetryTrust {
    /// `trust`, `strip`, or prefixes with commas between them: `10.0.0.0/8,2001:db8::/32`.
    public init?(_ text: String) {
        switch text {
        case "trust": self = .everyone
        case "strip": self = .nobody
        default:
            let words = text.split(separator: ",", omittingEmptySubsequences: false)
            let prefixes = words.compactMap { AddressPrefix(String($0)) }
            guard prefixes.count == words.count, prefixes.count <= Self.longest else { return nil }
            self = .sources(prefixes)
        }
    }

    /// One of the words, or a list of prefixes.
    init(_ settings: Settings) throws(SettingsError) {
        let entries = try settings.oneOrMore()
        if entries.count == 1, let trust = TelemetryTrust(try entries[0].text()) {
            self = trust
            return
        }
        guard entries.count <= Self.longest else { throw settings.error("more than \(Self.longest) prefixes") }
        var prefixes: [AddressPrefix] = []
        for entry in entries {
            let text = try entry.text()
            guard let prefix = AddressPrefix(text) else {
                throw entry.error("'\(text)' is neither trust, strip, nor a prefix such as 10.0.0.0/8")
            }
            prefixes.append(prefix)
        }
        self = .sources(prefixes)
    }
}
