// SPDX-License-Identifier: Apache-2.0

public import FoundationEssentials

/// JSON that programs write for programs: keys in alphabetical order, `/` not escaped.
public enum JSONText {
    /// One value on one line, without a line feed.
    /// - Throws: `EncodingError` if the value holds a number that JSON cannot express, such as infinity.
    public static func line(_ value: some Encodable) throws -> String {
        String(decoding: try data(value, formatting: []), as: UTF8.self)
    }

    /// One value on several indented lines, for a file that people may look at.
    /// - Throws: as `line`.
    public static func document(_ value: some Encodable) throws -> Data {
        try data(value, formatting: .prettyPrinted)
    }

    private static func data(_ value: some Encodable, formatting: JSONEncoder.OutputFormatting) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, formatting]
        return try encoder.encode(value)
    }
}
