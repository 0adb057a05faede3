// SPDX-License-Identifier: Apache-2.0

import SwitchIR

/// How a table's key fields lie in words, and what the control plane may say of each.
struct KeyShape: Sendable {
    /// One key field: words `first ..< first + count` of the key.
    struct Field: Sendable {
        var name: String
        var match: MatchKind
        var width: Int
        var first: Int
        var count: Int
    }

    let table: String
    let fields: [Field]
    let words: Int

    init(_ schema: TableSchema) {
        table = schema.name
        var fields: [Field] = []
        var first = 0
        for key in schema.keys {
            let count = BitString.wordCount(key.width)
            fields.append(Field(name: key.name, match: key.match, width: key.width, first: first, count: count))
            first += count
        }
        self.fields = fields
        words = first
    }

    /// The keys with the bits that do not matter set to 0, so that equal matches are equal values.
    func canonical(_ keys: [KeyMatch]) throws(EngineError) -> [KeyMatch] {
        guard keys.count == fields.count else {
            throw EngineError(.badMatchKey, table, "\(keys.count) key fields given, it has \(fields.count)")
        }
        var result: [KeyMatch] = []
        for (field, key) in zip(fields, keys) { try result.append(canonical(key, field)) }
        return result
    }

    private func canonical(_ key: KeyMatch, _ field: Field) throws(EngineError) -> KeyMatch {
        switch (key, field.match) {
        case (.exact(let value), .exact), (.exact(let value), .optional), (.exact(let value), .ternary):
            try check(value, field)
            let all = Self.prefixMask(field.width, width: field.width)
            return field.match == .exact ? key : .ternary(value, mask: all)
        case (.lpm(let value, let length), .lpm):
            try check(value, field)
            guard (0...field.width).contains(length) else {
                throw refuse(field, "prefix length \(length) is not 0 to \(field.width)")
            }
            let mask = Self.prefixMask(length, width: field.width)
            return .lpm(Self.masked(value, mask), prefixLength: length)
        case (.ternary(let value, let mask), .ternary), (.ternary(let value, let mask), .optional):
            try check(value, field)
            try check(mask, field)
            let all = Self.prefixMask(field.width, width: field.width)
            if field.match == .optional, mask != all, mask.words.contains(where: { $0 != 0 }) {
                throw refuse(field, "an optional key matches all bits or none")
            }
            return .ternary(Self.masked(value, mask), mask: mask)
        case (.range(let low, let high), .range):
            try check(low, field)
            try check(high, field)
            guard Self.compare(low.words, high.words) <= 0 else { throw refuse(field, "the range is empty") }
            return key
        default:
            throw refuse(field, "the field is matched by \(field.match.rawValue)")
        }
    }

    private func check(_ value: BitString, _ field: Field) throws(EngineError) {
        guard value.width == field.width else {
            throw refuse(field, "a value of \(value.width) bits is given, the field has \(field.width)")
        }
    }

    private func refuse(_ field: Field, _ reason: String) -> EngineError {
        EngineError(.badMatchKey, "\(table): \(field.name)", reason)
    }

    // MARK: Values

    static func prefixMask(_ length: Int, width: Int) -> BitString {
        var words = [UInt64](repeating: 0, count: BitString.wordCount(width))
        for bit in width - length..<width { words[bit / 64] |= 1 << UInt64(bit % 64) }
        return BitString(width: width, words: words)
    }

    static func masked(_ value: BitString, _ mask: BitString) -> BitString {
        BitString(width: value.width, words: zip(value.words, mask.words).map { $0 & $1 })
    }

    /// -1, 0 or 1 as unsigned numbers of equally many words.
    static func compare(_ one: [UInt64], _ other: [UInt64]) -> Int {
        for index in one.indices.reversed() where one[index] != other[index] {
            return one[index] < other[index] ? -1 : 1
        }
        return 0
    }
}
