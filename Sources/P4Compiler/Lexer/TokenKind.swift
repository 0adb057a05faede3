// SPDX-License-Identifier: Apache-2.0

/// The kinds of token, with their spelling where there is but one.
///
/// `apply`, `key`, `actions`, `state`, `entries`, `type`, `priority`, `list` and `pragma` are identifiers here:
/// the parser knows them by their place, so programs may use them as names.
enum TokenKind: String, Sendable, CaseIterable {
    case identifier = "a name"
    case integer = "a number"
    case string = "a string"
    /// Ends each physical line that the lexer reads; the preprocessor removes it.
    case newline = "the end of the line"
    case endOfFile = "the end of the file"
    /// A character no token begins with, already reported.
    case unknown = "a bad character"

    case abstract, action, bit, bool, `break`, const, `continue`, control, `default`, `else`, `enum`, error, exit
    case extern, `false`, `for`, header, `if`, `in`, `inout`, int, out, package, parser, `return`, select, stringType =
        "string"
    case `struct`, `switch`, table, this, transition, `true`, tuple, typedef, varbit, void
    case headerUnion = "header_union"
    case matchKind = "match_kind"
    case valueSet = "value_set"
    case underscore = "_"

    case leftParenthesis = "("
    case rightParenthesis = ")"
    case leftBracket = "["
    case rightBracket = "]"
    case leftBrace = "{"
    case rightBrace = "}"
    case less = "<"
    /// Two of these side by side are the shift; they stay apart because they also close nested type arguments.
    case greater = ">"
    case at = "@"
    case hash = "#"
    case hashHash = "##"
    case comma = ","
    case semicolon = ";"
    case colon = ":"
    case question = "?"
    case dot = "."
    case dotDot = ".."
    case ellipsis = "..."
    case assign = "="
    case equal = "=="
    case notEqual = "!="
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case shiftLeft = "<<"
    case plus = "+"
    case plusPlus = "++"
    case minus = "-"
    case star = "*"
    case slash = "/"
    case percent = "%"
    case ampersand = "&"
    case and = "&&"
    case mask = "&&&"
    case bar = "|"
    case or = "||"
    case saturatingAdd = "|+|"
    case saturatingSubtract = "|-|"
    case caret = "^"
    case tilde = "~"
    case not = "!"
    case plusAssign = "+="
    case minusAssign = "-="
    case starAssign = "*="
    case slashAssign = "/="
    case percentAssign = "%="
    case ampersandAssign = "&="
    case barAssign = "|="
    case caretAssign = "^="
    case shiftLeftAssign = "<<="
    case saturatingAddAssign = "|+|="
    case saturatingSubtractAssign = "|-|="

    /// Reserved words by spelling.
    static let keywords: [String: TokenKind] = Dictionary(
        uniqueKeysWithValues: allCases.filter { $0.isWord }.map { ($0.rawValue, $0) })

    /// Operators and brackets by spelling: up to four bytes, the first in the lowest place.
    static let punctuation: [UInt32: TokenKind] = Dictionary(
        uniqueKeysWithValues: allCases.filter { $0.isPunctuation }.map { kind in
            (kind.rawValue.utf8.reversed().reduce(0) { $0 << 8 | UInt32($1) }, kind)
        })

    var isWord: Bool { rawValue.utf8.allSatisfy(Lexer.isWordByte) }
    private var isPunctuation: Bool { !isWord && !rawValue.contains(" ") }

    /// For messages: `';'`, or `a name`.
    var described: String { isWord || isPunctuation ? "'\(rawValue)'" : rawValue }
}
