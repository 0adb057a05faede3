// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// JSON for scripts: one value, keys in a fixed order.
enum JSONText {
    static func line(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
