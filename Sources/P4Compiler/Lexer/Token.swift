// SPDX-License-Identifier: Apache-2.0

/// One token with its spelling.
struct Token: Sendable {
    var kind: TokenKind
    /// As written (strings with their quotes), line splices removed; empty at the end of a line or file.
    var text: String
    var range: SourceRange
    /// Only blanks and comments precede it on its line.
    var isFirstOnLine = false
    var hasSpaceBefore = false
    /// A macro's own name met while that macro was being expanded: never expanded again.
    var isFinal = false

    /// For messages: `';'`, `'ttl'`, or `the end of the file`.
    var described: String {
        switch kind {
        case .newline, .endOfFile: kind.rawValue
        case .string: text.utf8.count > 30 ? "a string" : text
        default: "'\(text)'"
        }
    }
}
