// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import Documents

extension TelemetryTrust {
    /// `trust`, `strip`, or prefixes with commas between them: `10.0.0.0/8,2001:db8::/32`.
    public init(parsing text: String) throws(UnreadableText) {
        switch text {
        case "trust": self = .everyone
        case "strip": self = .nobody
        default:
            var prefixes: [IPPrefix] = []
            for word in text.split(separator: ",", omittingEmptySubsequences: false) {
                do {
                    prefixes.append(try IPPrefix(network: String(word)))
                } catch {
                    throw UnreadableText("\(error); write trust, strip, or prefixes such as 10.0.0.0/8,2001:db8::/32")
                }
            }
            guard prefixes.count <= Self.longest else { throw UnreadableText("more than \(Self.longest) prefixes") }
            self = .sources(prefixes)
        }
    }

    /// As `init(parsing:)`; nil where that throws.
    public init?(_ text: String) {
        guard let trust = try? TelemetryTrust(parsing: text) else { return nil }
        self = trust
    }

    /// One of the words, or a list of prefixes.
    init(_ settings: Settings) throws(SettingsError) {
        let entries = try settings.oneOrMore()
        if entries.count == 1, let trust = TelemetryTrust(try entries[0].text()) {
            self = trust
            return
        }
        guard entries.count <= Self.longest else { throw settings.error("more than \(Self.longest) prefixes") }
        var prefixes: [IPPrefix] = []
        for entry in entries {
            let text = try entry.text()
            do {
                prefixes.append(try IPPrefix(network: text))
            } catch {
                throw entry.error(
                    "'\(text)' is neither trust, strip, nor a prefix such as 10.0.0.0/8: \(error)")
            }
        }
        self = .sources(prefixes)
    }
}
