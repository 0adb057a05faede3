// SPDX-License-Identifier: Apache-2.0

/// A position in a JSON text (RFC 8259), and the steps of reading from it.
///
/// Foundation's decoder reports neither the location of a mistake nor a key that is given twice.
struct JSONReader {
    /// Values inside values; a deeper text would use up the stack.
    private static let depthLimit = 100

    private let bytes: [UInt8]
    private var position = 0
    private let file: String
    private var depth = 0
    /// Of the line that `position` is in, from 1, and the position of its first byte.
    private var line = 1
    private var lineStart = 0

    init(_ bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
        // RFC 8259 §8.1 lets a reader skip a byte order mark.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    mutating func document() throws(InputError) -> DocumentNode {
        let value = try value(path: "")
        skipBlanks()
        guard position == bytes.count else { throw error("unexpected text after the end of the document") }
        return value
    }

    private mutating func value(path: String) throws(InputError) -> DocumentNode {
        skipBlanks()
        let location = location(of: position)
        return DocumentNode(try content(path), at: location, path: path)
    }

    private mutating func content(_ path: String) throws(InputError) -> DocumentNode.Content {
        guard let byte = peek else { throw error("unexpected end of the text: expected a value") }
        switch byte {
        case UInt8(ascii: "{"): return .mapping(try nested(path, Self.members))
        case UInt8(ascii: "["): return .list(try nested(path, Self.elements))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "a")...UInt8(ascii: "z"): return try word()
        default: throw error("expected a value")
        }
    }

    private mutating func nested<Content>(
        _ path: String, _ read: (inout JSONReader, String) throws(InputError) -> Content
    ) throws(InputError) -> Content {
        guard depth < Self.depthLimit else { throw error("more than \(Self.depthLimit) values inside each other") }
        depth += 1
        defer { depth -= 1 }
        position += 1
        return try read(&self, path)
    }

    private static func members(
        _ reader: inout JSONReader, _ path: String
    ) throws(InputError) -> [DocumentNode.Member] {
        var members: [DocumentNode.Member] = []
        var keys: Set<String> = []
        reader.skipBlanks()
        if reader.skip("}") { return members }
        repeat {
            reader.skipBlanks()
            guard reader.peek == UInt8(ascii: "\"") else { throw reader.error("expected a key in double quotes") }
            let place = reader.position
            let location = reader.location(of: place)
            let key = try reader.string()
            guard keys.insert(key).inserted else {
                throw reader.error("each key must be given once, got twice: '\(key)'", at: place)
            }
            reader.skipBlanks()
            guard reader.skip(":") else { throw reader.error("expected ':' after key '\(key)'") }
            let value = try reader.value(path: DocumentNode.path(path, key: key))
            members.append(DocumentNode.Member(key: key, keyLocation: location, value: value))
            reader.skipBlanks()
        } while reader.skip(",")
        guard reader.skip("}") else { throw reader.error("expected ',' or '}'") }
        return members
    }

    private static func elements(_ reader: inout JSONReader, _ path: String) throws(InputError) -> [DocumentNode] {
        var elements: [DocumentNode] = []
        reader.skipBlanks()
        if reader.skip("]") { return elements }
        repeat {
            elements.append(try reader.value(path: "\(path)[\(elements.count)]"))
            reader.skipBlanks()
        } while reader.skip(",")
        guard reader.skip("]") else { throw reader.error("expected ',' or ']'") }
        return elements
    }

    private mutating func word() throws(InputError) -> DocumentNode.Content {
        let start = position
        while let byte = peek, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) { position += 1 }
        switch text(from: start) {
        case "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        case let word: throw error("'\(word)' is not a JSON value; strings need double quotes", at: start)
        }
    }

    private mutating func number() throws(InputError) -> DocumentNode.Content {
        let start = position
        _ = skip("-")
        let digits = position
        skipDigits()
        let hasLeadingZero = position > digits + 1 && bytes[digits] == UInt8(ascii: "0")
        var isInteger = true
        var isComplete = position > digits && !hasLeadingZero
        if skip(".") {
            isInteger = false
            let fraction = position
            skipDigits()
            isComplete = isComplete && position > fraction
        }
        if skip("e") || skip("E") {
            isInteger = false
            if !skip("+") { _ = skip("-") }
            let exponent = position
            skipDigits()
            isComplete = isComplete && position > exponent
        }
        let text = text(from: start)
        if isComplete, isInteger, let value = Int64(text) { return .integer(value) }
        guard isComplete, let value = Double(text), value.isFinite else {
            throw error("'\(text)' is not a JSON number; other notations need double quotes", at: start)
        }
        return .number(value)
    }

    // MARK: Steps

    var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Skips `character` if it is next.
    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// The next byte, whatever it is.
    mutating func next() -> UInt8? {
        guard let byte = peek else { return nil }
        position += 1
        return byte
    }

    private mutating func skipDigits() {
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    }

    private mutating func skipBlanks() {
        while let byte = peek, byte == 0x20 || (0x09...0x0A).contains(byte) || byte == 0x0D {
            position += 1
            // Only here: a string with a line feed in it is refused.
            if byte == 0x0A { (line, lineStart) = (line + 1, position) }
        }
    }

    private func text(from start: Int) -> String { String(decoding: bytes[start..<position], as: UTF8.self) }

    /// - Parameter place: in the line that `position` is in. Columns are bytes.
    private func location(of place: Int) -> InputError.Location {
        .file(file, line: line, column: place - lineStart + 1)
    }

    func error(_ reason: String, at place: Int? = nil) -> InputError {
        InputError("not JSON: \(reason)", at: location(of: place ?? position))
    }
}
