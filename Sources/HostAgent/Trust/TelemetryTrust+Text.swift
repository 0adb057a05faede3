// SPDX-License-Identifier: Apache-2.0

internal import Addresses
public import Documents

extension TelemetryTrust {
    /// `trust`, `strip`, or prefixes with commas between them: `10.0.0.0/8,2001:db8::/32`.
    public init(parsing text: String) throws(InputError) {
        switch text {
        case "trust": self = .everyone
        case "strip": self = .nobody
        default:
            var prefixes: [IPPrefix] = []
            for word in text.split(separator: ",", omittingEmptySubsequences: false) {
                do {
                    prefixes.append(try IPPrefix(network: String(word)))
                } catch {
                    throw InputError("\(error); expected trust, strip, or prefixes such as 10.0.0.0/8,2001:db8::/32")
                }
            }
            guard prefixes.count <= Self.longest else {
                throw InputError("expected at most \(Self.longest) prefixes, got \(prefixes.count)")
            }
            self = .sources(prefixes)
        }
    }

    /// As `init(parsing:)`; nil where that throws.
    public init?(_ text: String) {
        guard let trust = try? TelemetryTrust(parsing: text) else { return nil }
        self = trust
    }

    /// One of the words, or a list of prefixes.
    init(_ settings: DocumentNode) throws(InputError) {
        let entries = try settings.oneOrMore()
        if entries.count == 1, let trust = TelemetryTrust(try entries[0].string()) {
            self = trust
            return
        }
        guard entries.count <= Self.longest else {
            throw settings.error("expected at most \(Self.longest) prefixes, got \(entries.count)")
        }
        var prefixes: [IPPrefix] = []
        for entry in entries {
            prefixes.append(
                try entry.parsed { (text) throws(InputError) in
                    do throws(AddressError) {
                        return try IPPrefix(network: text)
                    } catch {
                        throw InputError(error.description)
                    }
                })
        }
        self = .sources(prefixes)
    }
}
