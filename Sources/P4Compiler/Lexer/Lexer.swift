// SPDX-License-Identifier: Apache-2.0

/// Cuts one text into tokens. What it cannot read it reports, skips and goes on.
struct Lexer {
    private let source: SplicedText
    private let file: FileID
    /// When set, every token has this range: the text was made by a macro (`##`).
    private let fixedRange: SourceRange?
    private let diagnostics: Diagnostics
    private var position = 0
    private var isLineStart = true
    /// Suppresses errors, for text that conditionals exclude or that is free by nature.
    var isQuiet = false
    /// Strings of the language may span lines; those of directives and of excluded text end with theirs.
    var stringsSpanLines = true

    init(file: SourceFile, diagnostics: Diagnostics) {
        source = SplicedText(file.bytes)
        self.file = file.id
        self.diagnostics = diagnostics
        fixedRange = nil
        if file.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    init(text: String, standingFor range: SourceRange, diagnostics: Diagnostics) {
        source = SplicedText(Array(text.utf8))
        file = range.file
        self.diagnostics = diagnostics
        fixedRange = range
    }

    private var bytes: [UInt8] { source.bytes }

    private func byte(_ offset: Int) -> UInt8 { offset < source.bytes.count ? source.bytes[offset] : 0 }

    private func range(_ start: Int, _ end: Int) -> SourceRange {
        if let fixedRange { return fixedRange }
        let originalEnd = end > start ? source.originalOffset(end - 1) + 1 : source.originalOffset(end)
        return SourceRange(file: file, start: source.originalOffset(start), end: originalEnd)
    }

    private func report(_ message: String, from start: Int, to end: Int) {
        if !isQuiet { diagnostics.error(message, at: range(start, end)) }
    }

    /// The next token; each line ends with a `.newline`, the text with `.endOfFile` for ever after.
    mutating func next() -> Token {
        let hasSpace = skipBlanks()
        let start = position
        guard start < bytes.count else { return Token(kind: .endOfFile, text: "", range: range(start, start)) }
        let isFirst = isLineStart
        isLineStart = false
        let kind = scan()
        if kind == .newline {
            isLineStart = true
            return Token(kind: .newline, text: "", range: range(start, start))
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        return Token(
            kind: kind, text: text, range: range(start, position), isFirstOnLine: isFirst, hasSpaceBefore: hasSpace)
    }

    private mutating func scan() -> TokenKind {
        let first = bytes[position]
        switch first {
        case UInt8(ascii: "\n"):
            position += 1
            return .newline
        case UInt8(ascii: "\""):
            scanString()
            return .string
        case _ where Self.isWordByte(first):
            let start = position
            while position < bytes.count, Self.isWordByte(bytes[position]) { position += 1 }
            if Self.isDigit(first) { return .integer }
            return position == start + 1 && first == UInt8(ascii: "_") ? .underscore : .identifier
        default:
            return scanPunctuation()
        }
    }

    private mutating func scanPunctuation() -> TokenKind {
        for length in (1...4).reversed() where position + length <= bytes.count {
            var key: UInt32 = 0
            for offset in (0..<length).reversed() { key = key << 8 | UInt32(bytes[position + offset]) }
            guard let kind = TokenKind.punctuation[key] else { continue }
            position += length
            return kind
        }
        skipBadCharacter()
        return .unknown
    }

    private mutating func skipBadCharacter() {
        let start = position
        position += 1
        // The bytes 10xxxxxx that follow belong to the same character.
        while position < bytes.count, bytes[position] & 0xC0 == 0x80, bytes[start] >= 0x80 { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        let shown = bytes[start] < 0x20 || bytes[start] == 0x7F ? "byte \(bytes[start])" : "character '\(text)'"
        report("unexpected \(shown)", from: start, to: position)
    }

    /// Returns whether anything was skipped: blanks, comments, but not line ends.
    private mutating func skipBlanks() -> Bool {
        let start = position
        while position < bytes.count {
            switch (bytes[position], byte(position + 1)) {
            case (UInt8(ascii: " "), _), (UInt8(ascii: "\t"), _), (UInt8(ascii: "\r"), _), (0x0B, _), (0x0C, _):
                position += 1
            case (UInt8(ascii: "/"), UInt8(ascii: "/")):
                while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
            case (UInt8(ascii: "/"), UInt8(ascii: "*")):
                skipBlockComment()
            default:
                return position > start
            }
        }
        return position > start
    }

    private mutating func skipBlockComment() {
        let start = position
        position += 2
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "*"), byte(position + 1) == UInt8(ascii: "/") {
                position += 2
                return
            }
            position += 1
        }
        report("this comment has no end: expected '*/'", from: start, to: start + 2)
    }

    /// A string ends at the first quote without a backslash before it, and may by the language span lines. One that
    /// takes a semicolon or brace into a later line has far more likely lost its quote: it ends with its line.
    private mutating func scanString() {
        let start = position
        var lineEnd: Int?
        position += 1
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return
            case UInt8(ascii: "\\"):
                position += 1
            case UInt8(ascii: "\n"):
                if !stringsSpanLines { return endString(from: start, at: position) }
                lineEnd = lineEnd ?? position
            case UInt8(ascii: ";") where lineEnd != nil, UInt8(ascii: "{") where lineEnd != nil,
                UInt8(ascii: "}") where lineEnd != nil:
                return endString(from: start, at: lineEnd ?? position)
            default: break
            }
            position += 1
        }
        endString(from: start, at: lineEnd ?? bytes.count)
    }

    /// An ending such as `);` or `,` is not part of the string: the rest of the line is usually meant as code.
    private mutating func endString(from start: Int, at lineEnd: Int) {
        var end = lineEnd
        while end > start + 1,
            [UInt8(ascii: ")"), UInt8(ascii: ";"), UInt8(ascii: ","), 0x20, 0x0D].contains(bytes[end - 1])
        {
            end -= 1
        }
        position = end
        report("this string has no end: expected '\"'", from: start, to: end)
    }

    /// The file name of an `#include` when one follows directly; `isSystem` for `<name>`. The rest of its line stays.
    mutating func includeName() -> (name: String, isSystem: Bool, range: SourceRange)? {
        _ = skipBlanks()
        let start = position
        let isSystem = byte(start) == UInt8(ascii: "<")
        guard isSystem || byte(start) == UInt8(ascii: "\"") else { return nil }
        let close = isSystem ? UInt8(ascii: ">") : UInt8(ascii: "\"")
        var end = start + 1
        while end < bytes.count, bytes[end] != close, bytes[end] != UInt8(ascii: "\n") { end += 1 }
        guard byte(end) == close else { return nil }
        position = end + 1
        let name = String(decoding: bytes[start + 1..<end], as: UTF8.self)
        return (name, isSystem, range(start, position))
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    static func isWordByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte == UInt8(ascii: "_")
            || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
    }
}
