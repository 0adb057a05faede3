// SPDX-License-Identifier: Apache-2.0

/// A name that `#define` or `-D` gave a meaning.
struct Macro: Sendable {
    enum Content: Sendable {
        case tokens([Token])
        /// `__FILE__`
        case file
        /// `__LINE__`
        case line
    }

    let name: Name
    /// Nil for an object-like macro.
    let parameters: [String]?
    /// The last parameter takes all remaining arguments (`...` is named `__VA_ARGS__`).
    let isVariadic: Bool
    let content: Content

    /// Whether a second definition says the same, which is allowed.
    func isEquivalent(to other: Macro) -> Bool {
        guard parameters == other.parameters, isVariadic == other.isVariadic else { return false }
        switch (content, other.content) {
        case (.file, .file), (.line, .line): return true
        case (.tokens(let left), .tokens(let right)):
            return left.count == right.count
                && zip(left, right).allSatisfy { $0.text == $1.text && $0.hasSpaceBefore == $1.hasSpaceBefore }
        default: return false
        }
    }
}

extension Macro {
    /// Reads what follows `#define`: name, parameters, body. Reports and returns nil if it is malformed.
    static func parse(_ line: [Token], directive: SourceRange, diagnostics: Diagnostics) -> Macro? {
        guard let first = line.first else {
            diagnostics.error("expected a macro name after '#define'", at: directive.afterEnd)
            return nil
        }
        guard first.kind.isWord || first.kind == .identifier, first.text != "defined" else {
            diagnostics.error("\(first.described) cannot be a macro's name", at: first.range)
            return nil
        }
        let name = Name(first.text, at: first.range)
        var body = line.dropFirst()
        guard let parenthesis = body.first, parenthesis.kind == .leftParenthesis, !parenthesis.hasSpaceBefore else {
            return checked(name, nil, false, body, diagnostics)
        }
        body = body.dropFirst()
        guard let (parameters, isVariadic) = parseParameters(&body, after: parenthesis, diagnostics) else { return nil }
        return checked(name, parameters, isVariadic, body, diagnostics)
    }

    private static func parseParameters(
        _ rest: inout ArraySlice<Token>, after open: Token, _ diagnostics: Diagnostics
    ) -> ([String], Bool)? {
        var names: [String] = []
        if rest.first?.kind == .rightParenthesis {
            rest = rest.dropFirst()
            return ([], false)
        }
        while let token = rest.popFirst() {
            let isVariadic = token.kind == .ellipsis
            guard isVariadic || token.kind.isWord || token.kind == .identifier else {
                diagnostics.error("expected a parameter name instead of \(token.described)", at: token.range)
                return nil
            }
            let name = isVariadic ? "__VA_ARGS__" : token.text
            if names.contains(name) {
                diagnostics.error("the macro has two parameters '\(name)'", at: token.range)
                return nil
            }
            names.append(name)
            guard let separator = rest.popFirst() else { break }
            if separator.kind == .rightParenthesis { return (names, isVariadic) }
            guard separator.kind == .comma, !isVariadic else {
                diagnostics.error(
                    "expected \(isVariadic ? "')'" : "',' or ')'") instead of \(separator.described)",
                    at: separator.range)
                return nil
            }
        }
        diagnostics.error("the macro's parameters lack their ')'", at: open.range)
        return nil
    }

    private static func checked(
        _ name: Name, _ parameters: [String]?, _ isVariadic: Bool, _ body: ArraySlice<Token>, _ diagnostics: Diagnostics
    ) -> Macro? {
        for token in [body.first, body.last] {
            guard let token, token.kind == .hashHash else { continue }
            diagnostics.error("'##' joins two tokens: it cannot begin or end a macro's body", at: token.range)
            return nil
        }
        return Macro(name: name, parameters: parameters, isVariadic: isVariadic, content: .tokens(Array(body)))
    }
}
