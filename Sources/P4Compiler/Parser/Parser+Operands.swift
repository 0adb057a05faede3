// SPDX-License-Identifier: Apache-2.0

/// What operators stand between: literals, names, brackets, lists.
extension Parser {
    mutating func operand() -> Expression {
        let start = position
        switch kind {
        case .integer: return integer()
        case .string:
            let text = stringValue(ofToken: advance().text)
            return expression(.string(text), from: start)
        case .true, .false:
            let value = advance().kind == .true
            return expression(.boolean(value), from: start)
        case .this: return plain(.this)
        case .ellipsis: return plain(.defaultValue)
        case .underscore:
            if !allowsSets { report("'_' must be an argument or a key of its own", at: token.range) }
            return plain(.dontCare)
        case .identifier, .dot: return named()
        case .leftParenthesis:
            return expression(.parenthesized(expressionInParentheses()), from: start)
        case .leftBrace: return braces()
        case .bit, .int, .varbit, .bool, .error, .stringType, .tuple, .matchKind, .void:
            let base = type()
            if kind != .dot, kind != .leftParenthesis { fail("a type cannot stand for a value here", at: base.range) }
            return expression(.type(base), from: start)
        default:
            failBeginning("an expression")
            return expression(.invalid, from: start)
        }
    }

    /// Reads `(expression)`, and says so if the parenthesis is missing.
    mutating func expressionInParentheses() -> Expression {
        let open = token
        expect(.leftParenthesis)
        let inner = expression()
        expectClosing(.rightParenthesis, of: open)
        return inner
    }

    private mutating func plain(_ kind: Expression.Kind) -> Expression {
        let start = position
        advance()
        return expression(kind, from: start)
    }

    private mutating func integer() -> Expression {
        let start = position
        let token = advance()
        switch IntegerLiteral.parse(token.text) {
        case .success(let literal): return expression(.integer(literal), from: start)
        case .failure(let problem):
            report(problem.message, at: token.range)
            return expression(.invalid, from: start)
        }
    }

    /// A value's name, or a declared type where a member or constructor call follows.
    private mutating func named() -> Expression {
        let start = position
        let name = kind == .dot ? peek() : token
        guard name.kind == .identifier, scopes[name.text] == .type else {
            let name = pathName("an expression")
            return expression(.name(name), from: start)
        }
        let arguments = kind == .dot ? position + 2 : position + 1
        if token(at: arguments).kind == .less, skipTypeArguments(at: arguments) == nil {
            let name = pathName()
            return expression(.name(name), from: start)
        }
        let base = namedType()
        return expression(.type(base), from: start)
    }

    /// `{a, b}`, `{a = 1}`, `{#}`, `{...}`
    private mutating func braces() -> Expression {
        let start = position
        let open = advance()
        if accept(.hash) {
            expectClosing(.rightBrace, of: open)
            return expression(.invalidHeader, from: start)
        }
        return setFree { parser in
            if parser.kind == .identifier, parser.peek().kind == .assign {
                let (fields, isOpen) = parser.namedExpressions(until: .rightBrace)
                parser.expectClosing(.rightBrace, of: open)
                return parser.expression(.structure(fields, isOpen: isOpen), from: start)
            }
            let elements = parser.expressionList(until: .rightBrace)
            parser.expectClosing(.rightBrace, of: open)
            return parser.expression(.list(elements), from: start)
        }
    }

    /// Expressions separated by commas, with an optional comma after the last one; `close` is not read.
    mutating func expressionList(until close: TokenKind) -> [Expression] {
        var elements: [Expression] = []
        while kind != close {
            elements.append(expression())
            guard accept(.comma) else { break }
        }
        return elements
    }

    mutating func namedExpressions(until close: TokenKind) -> (fields: [NamedExpression], isOpen: Bool) {
        var fields: [NamedExpression] = []
        while kind != close {
            if accept(.ellipsis) {
                _ = accept(.comma)
                return (fields, true)
            }
            let name = expectName("a field's name")
            expect(.assign)
            fields.append(NamedExpression(name: name, value: expression()))
            guard accept(.comma) else { break }
        }
        return (fields, false)
    }

    /// `(a, name = b, _)`
    mutating func arguments() -> [Argument] {
        let open = token
        guard expect(.leftParenthesis) else { return [] }
        var arguments: [Argument] = []
        setFree { parser in
            while parser.kind != .rightParenthesis, parser.kind != .endOfFile {
                let start = parser.position
                var name: Name?
                if parser.kind == .identifier, parser.peek().kind == .assign {
                    name = parser.expectName()
                    parser.expect(.assign)
                }
                let value = parser.kind == .underscore ? parser.plain(.dontCare) : parser.expression()
                arguments.append(Argument(name: name, value: value, range: parser.range(from: start)))
                guard parser.accept(.comma) else { break }
                if parser.kind == .rightParenthesis { parser.failExpecting("an argument") }
            }
        }
        expectClosing(.rightParenthesis, of: open)
        return arguments
    }

    /// A set of keys: `a`, `a &&& m`, `a .. b`, `default`, `_`, or several in parentheses.
    mutating func keys() -> (keys: [Expression], range: SourceRange) {
        let start = position
        let keys = setFree(false) { parser in
            guard parser.kind == .leftParenthesis, parser.isAtKeyTuple else { return [parser.key()] }
            let open = parser.advance()
            var keys: [Expression] = []
            repeat { keys.append(parser.key()) } while parser.accept(.comma)
            parser.expectClosing(.rightParenthesis, of: open)
            return keys
        }
        return (keys, range(from: start))
    }

    private mutating func key() -> Expression {
        kind == .default ? plain(.defaultKey) : expression()
    }
}
