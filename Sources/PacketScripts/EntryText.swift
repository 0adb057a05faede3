// SPDX-License-Identifier: Apache-2.0

import Documents
import SwitchIR
import SwitchControl

/// Names and values as scripts write them, resolved against a program.
struct EntryText {
    let program: SwitchProgram

    // MARK: Names

    func table(_ name: String) throws(InputError) -> Int {
        try find(name, program.tables.map(\.name), "table")
    }

    func action(_ name: String, of table: Int) throws(InputError) -> Int {
        let actions = program.tables[table].actions.map(\.action)
        return actions[try find(name, actions.map { program.actions[$0].name }, "action")]
    }

    /// A key field: the name, the name's validity, or what ends with it; `x[1]` and `x$1` are the same.
    func key(_ name: String, of table: Int) throws(InputError) -> Int {
        let names = program.tables[table].keys.map { Self.plain($0.name) }
        let plain = Self.plain(name)
        for candidate in [plain, plain + "$", plain + ".$valid$"] {
            if let index = names.firstIndex(of: candidate) { return index }
        }
        let ends = names.indices.filter {
            names[$0].hasSuffix("." + plain) || names[$0].hasSuffix("." + plain + ".$valid$")
        }
        guard ends.count == 1 else { throw InputError("key '\(name)' is not one of \(names.joined(separator: ", "))") }
        return ends[0]
    }

    private func find(_ name: String, _ names: [String], _ kind: String) throws(InputError) -> Int {
        if let index = names.firstIndex(of: name) { return index }
        for end in ["." + name, name] {
            let found = names.indices.filter { names[$0].hasSuffix(end) }
            if found.count == 1 { return found[0] }
            if found.count > 1 { throw InputError("\(kind) '\(name)' may be any of \(found.map { names[$0] })") }
        }
        throw InputError("\(kind) '\(name)' is not one of \(names.joined(separator: ", "))")
    }

    private static func plain(_ name: String) -> String {
        var text = ""
        for character in name where character != "]" { text.append(character == "[" ? "$" : character) }
        for ending in [".isValid()", ".valid"] where text.hasSuffix(ending) {
            text = String(text.dropLast(ending.count)) + ".$valid$"
        }
        return text
    }

    // MARK: Values

    func match(_ word: String, _ key: KeySchema) throws(InputError) -> KeyMatch {
        switch key.match {
        case .exact: return .exact(try ValueText.parse(word, width: key.width))
        case .lpm:
            let parts = word.split(separator: "/", maxSplits: 1).map(String.init)
            let value = try ValueText.parse(Self.zeroed(parts[0]), width: key.width)
            if parts.count == 2 {
                guard let length = Int(parts[1]) else { throw InputError("'\(parts[1])' is not a prefix length") }
                return .lpm(value, prefixLength: length)
            }
            return .lpm(value, prefixLength: try Self.prefixLength(word, width: key.width))
        case .ternary, .optional:
            let value = try ValueText.parse(Self.zeroed(word), width: key.width)
            return .ternary(value, mask: try Self.mask(word, width: key.width))
        case .range: throw InputError("range keys cannot be written in a script")
        }
    }

    /// What a key that is left out matches.
    func absent(_ key: KeySchema) throws(InputError) -> KeyMatch {
        let zero = BitString(0, width: key.width)
        switch key.match {
        case .exact: return .exact(zero)
        case .lpm: return .lpm(zero, prefixLength: 0)
        case .ternary, .optional: return .ternary(zero, mask: zero)
        case .range: throw InputError("range key \(key.name) cannot be left out")
        }
    }

    private static func zeroed(_ word: String) -> String { String(word.map { $0 == "*" ? "0" : $0 }) }

    /// Bits a digit, and how many digits, of a number in base 16 or 2; nil for a decimal one.
    private static func digits(_ word: String) -> (bits: Int, digits: Substring)? {
        switch word.prefix(2).lowercased() {
        case "0x": (4, word.dropFirst(2))
        case "0b": (1, word.dropFirst(2))
        default: nil
        }
    }

    /// All the bits of the digits that are given.
    private static func mask(_ word: String, width: Int) throws(InputError) -> BitString {
        guard let (bits, digits) = digits(word) else {
            return BitString(width: width, words: Array(repeating: .max, count: BitString.wordCount(width)))
        }
        let text = digits.map { $0 == "*" ? "0" : (bits == 4 ? "f" : "1") }.joined()
        let value = try ValueText.parse((bits == 4 ? "0x" : "0b") + text, width: max(width, digits.count * bits))
        return BitString(width: width, words: value.words)
    }

    private static func prefixLength(_ word: String, width: Int) throws(InputError) -> Int {
        guard let (bits, digits) = digits(word) else { return width }
        let stars = digits.reversed().prefix { $0 == "*" }.count
        return min(width, (digits.count - stars) * bits)
    }
}
