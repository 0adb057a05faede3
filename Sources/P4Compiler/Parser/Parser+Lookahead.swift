// SPDX-License-Identifier: Apache-2.0

/// Looking ahead without reading: where a type ends, and what it begins. Indices are into `tokens`.
extension Parser {
    /// The index after the type that begins at `index`; nil if no type begins there. A name known as a value is not a
    /// type.
    func skipType(at index: Int, depth: Int = 0) -> Int? {
        guard depth < Self.maximumNesting, var next = skipPlainType(at: index, depth: depth) else { return nil }
        while token(at: next).kind == .leftBracket {
            guard let close = skipBalanced(at: next) else { return nil }
            next = close
        }
        return next
    }

    private func skipPlainType(at index: Int, depth: Int) -> Int? {
        switch token(at: index).kind {
        case .bool, .error, .stringType, .void, .matchKind, .underscore: return index + 1
        case .bit, .int, .varbit:
            guard token(at: index + 1).kind == .less else { return index + 1 }
            let width = token(at: index + 2)
            let next = width.kind == .leftParenthesis ? skipBalanced(at: index + 2) : index + 3
            guard let next, token(at: next).kind == .greater else { return nil }
            return next + 1
        case .tuple: return skipTypeArguments(at: index + 1, depth: depth)
        case .identifier, .dot:
            let isAbsolute = token(at: index).kind == .dot
            let name = token(at: isAbsolute ? index + 1 : index)
            guard name.kind == .identifier, scopes[name.text] != .value else { return nil }
            let next = isAbsolute ? index + 2 : index + 1
            return token(at: next).kind == .less ? skipTypeArguments(at: next, depth: depth) : next
        default: return nil
        }
    }

    /// The index after the `>` that closes the type arguments whose `<` is at `index`; nil if they are not type
    /// arguments.
    func skipTypeArguments(at index: Int, depth: Int = 0) -> Int? {
        guard token(at: index).kind == .less else { return nil }
        var next = index + 1
        while let end = skipType(at: next, depth: depth + 1) {
            switch token(at: end).kind {
            case .greater: return end + 1
            case .comma: next = end + 1
            default: return nil
            }
        }
        return nil
    }

    /// The index after the bracket that closes the one at `index`; nil if a `;` or brace comes first.
    func skipBalanced(at index: Int) -> Int? {
        var depth = 0
        var next = index
        while true {
            switch token(at: next).kind {
            case .leftParenthesis, .leftBracket, .leftBrace: depth += 1
            case .rightParenthesis, .rightBracket, .rightBrace:
                depth -= 1
                if depth == 0 { return next + 1 }
            case .endOfFile, .semicolon: return nil
            default: break
            }
            next += 1
        }
    }

    /// Whether type arguments of a call (`f<T>(x)`) begin at the current `<`.
    var isAtTypeArgumentsOfCall: Bool {
        guard let next = skipTypeArguments(at: position) else { return false }
        return token(at: next).kind == .leftParenthesis
    }

    /// Whether a variable (`T x`) or instance (`T(…) x`) begins here rather than a statement.
    var isAtTypedDeclaration: Bool {
        guard let next = skipType(at: position) else { return kind.beginsTypeOnly }
        switch token(at: next).kind {
        case .identifier: return true
        case .leftParenthesis:
            guard let end = skipBalanced(at: next) else { return false }
            return token(at: end).kind == .identifier
        default:
            return kind.beginsTypeOnly
        }
    }

    /// Whether `T.apply(` begins here, with `T` a declared type.
    var isAtDirectApplication: Bool {
        let name = kind == .dot ? peek() : token
        guard name.kind == .identifier, scopes[name.text] == .type, let next = skipType(at: position) else {
            return false
        }
        return token(at: next).kind == .dot && token(at: next + 1).text == "apply"
            && token(at: next + 2).kind == .leftParenthesis
    }

    /// Whether a declaration begins here, after any annotations, that is allowed at the top level only.
    var isAtTopLevelDeclaration: Bool {
        var index = position
        while token(at: index).kind == .at {
            index += 2
            let hasBody = [.leftParenthesis, .leftBracket].contains(token(at: index).kind)
            if hasBody, let end = skipBalanced(at: index) { index = end }
        }
        return token(at: index).kind.beginsTopLevelDeclaration
    }

    /// Whether the `(` here begins a cast.
    var isAtCast: Bool {
        guard let end = skipType(at: position + 1), token(at: end).kind == .rightParenthesis else { return false }
        let first = peek().kind == .dot ? peek(2) : peek()
        guard first.kind == .identifier, scopes[first.text] == nil else { return first.kind != .underscore }
        // An undeclared name: a cast if an operand follows, since a value could not stand before one.
        switch token(at: end + 1).kind {
        case .identifier, .integer, .string, .leftParenthesis, .leftBrace, .tilde, .not, .true, .false, .this:
            return true
        default: return false
        }
    }

    /// Whether the `(` here encloses a set of keys `(a, b):` rather than a part of an expression.
    var isAtKeyTuple: Bool {
        guard let end = skipBalanced(at: position), token(at: end).kind == .colon else { return false }
        if end == position + 3, [.underscore, .default].contains(peek().kind) { return true }
        var depth = 0
        for index in position..<end {
            switch tokens[index].kind {
            case .leftParenthesis, .leftBracket, .leftBrace: depth += 1
            case .rightParenthesis, .rightBracket, .rightBrace: depth -= 1
            case .comma where depth == 1: return true
            default: break
            }
        }
        return false
    }
}

extension TokenKind {
    /// Only a type begins like this, so what is wrong after it is reported as a mistake in a type.
    fileprivate var beginsTypeOnly: Bool {
        switch self {
        case .bit, .int, .varbit, .bool, .tuple, .stringType, .void, .error: true
        default: false
        }
    }
}
