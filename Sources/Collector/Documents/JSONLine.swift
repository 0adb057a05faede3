// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

/// JSON for programs that read what is printed: one object a line, keys in alphabetical order.
enum JSONLine {
    /// The values encoded here hold no number that JSON cannot express, so this does not fail.
    static func text(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }
}
