// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
    /// Reads a document of RFC 8259. A key that stands twice in one object is refused: one of the two would be lost.
    public init(parsing bytes: [UInt8]) throws(JSONError) {
        var reader = JSONReader(bytes)
        self = try reader.document()
    }
}

/// A position in a text, and the steps of reading from it.
///
/// Foundation's decoder says that a text is no JSON but not where, and a configuration file is written by hand.
struct JSONReader {
    /// Values inside values; a deeper text is refused rather than the stack used up.
    private static let depthLimit = 100

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        // A byte order mark is no part of the text (RFC 8259 §8.1 lets a reader pass over it).
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    mutating func document() throws(JSONError) -> JSONValue {
        let value = try value()
        skipBlanks()
        guard position == bytes.count else { throw error("the document has ended, this is too much") }
        return value
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        skipBlanks()
        guard let byte = peek else { throw error("the text ends where a value is expected") }
        switch byte {
        case UInt8(ascii: "{"): return .object(try nested(Self.object))
        case UInt8(ascii: "["): return .array(try nested(Self.array))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "a")...UInt8(ascii: "z"): return try word()
        default: throw error("expected a value")
        }
    }

    private mutating func nested<Content>(_ read: (inout JSONReader) throws(JSONError) -> Content) throws(JSONError)
        -> Content
    {
        guard depth < Self.depthLimit else { throw error("more than \(Self.depthLimit) values inside each other") }
        depth += 1
        defer { depth -= 1 }
        position += 1
        return try read(&self)
    }

    private static func object(_ reader: inout JSONReader) throws(JSONError) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        reader.skipBlanks()
        if reader.take("}") { return members }
        repeat {
            reader.skipBlanks()
            guard reader.peek == UInt8(ascii: "\"") else { throw reader.error("expected a key in double quotes") }
            let place = reader.position
            let key = try reader.string()
            guard members[key] == nil else { throw reader.error("key '\(key)' stands twice in this object", at: place) }
            reader.skipBlanks()
            guard reader.take(":") else { throw reader.error("expected ':' after key '\(key)'") }
            members[key] = try reader.value()
            reader.skipBlanks()
        } while reader.take(",")
        guard reader.take("}") else { throw reader.error("expected ',' or '}'") }
        return members
    }

    private static func array(_ reader: inout JSONReader) throws(JSONError) -> [JSONValue] {
        var elements: [JSONValue] = []
        reader.skipBlanks()
        if reader.take("]") { return elements }
        repeat {
            elements.append(try reader.value())
            reader.skipBlanks()
        } while reader.take(",")
        guard reader.take("]") else { throw reader.error("expected ',' or ']'") }
        return elements
    }

    private mutating func word() throws(JSONError) -> JSONValue {
        let start = position
        while let byte = peek, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) { position += 1 }
        switch text(from: start) {
        case "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        case let word: throw error("'\(word)' is no value: texts stand in double quotes", at: start)
        }
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = position
        _ = take("-")
        let digits = position
        skipDigits()
        let hasLeadingZero = position > digits + 1 && bytes[digits] == UInt8(ascii: "0")
        var isWhole = true
        var isComplete = position > digits && !hasLeadingZero
        if take(".") {
            isWhole = false
            let fraction = position
            skipDigits()
            isComplete = isComplete && position > fraction
        }
        if take("e") || take("E") {
            isWhole = false
            if !take("+") { _ = take("-") }
            let exponent = position
            skipDigits()
            isComplete = isComplete && position > exponent
        }
        let text = text(from: start)
        if isComplete, isWhole, let value = Int64(text) { return .integer(value) }
        guard isComplete, let value = Double(text), value.isFinite else {
            throw error("'\(text)' is not a number of JSON; other notations stand in double quotes", at: start)
        }
        return .number(value)
    }

    // MARK: Steps

    var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
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
        while let byte = peek, byte == 0x20 || (0x09...0x0A).contains(byte) || byte == 0x0D { position += 1 }
    }

    private func text(from start: Int) -> String { String(decoding: bytes[start..<position], as: UTF8.self) }

    func error(_ reason: String, at place: Int? = nil) -> JSONError {
        let before = bytes[..<(place ?? position)]
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return JSONError(
            line: before.count { $0 == 0x0A } + 1, column: before.endIndex - lineStart + 1, reason: reason)
    }
}
