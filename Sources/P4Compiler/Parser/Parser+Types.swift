// SPDX-License-Identifier: Apache-2.0

extension Parser {
    /// A type with any stack sizes after it.
    mutating func type() -> TypeSyntax {
        let start = position
        guard enter() else { return type(.invalid, from: start) }
        defer { leave() }
        var base = plainType()
        var sizes = 0
        while kind == .leftBracket {
            sizes += 1
            if sizes > Self.maximumNesting { failTooDeep() }
            let open = advance()
            let size = setFree { $0.expression() }
            expectClosing(.rightBracket, of: open)
            base = type(.stack(base, size: size), from: start)
        }
        return base
    }

    private mutating func plainType() -> TypeSyntax {
        let start = position
        switch kind {
        case .bool: return keywordType(.bool)
        case .error: return keywordType(.error)
        case .stringType: return keywordType(.string)
        case .matchKind: return keywordType(.matchKind)
        case .void: return keywordType(.void)
        case .bit, .int, .varbit: return sizedType()
        case .tuple:
            advance()
            let elements = typeArguments()
            return type(.tuple(elements), from: start)
        case .identifier, .dot:
            if isWord("list"), peek().kind == .less, scopes["list"] == nil { return listType() }
            return namedType()
        default:
            failBeginning("a type")
            return type(.invalid, from: start)
        }
    }

    private mutating func keywordType(_ kind: TypeSyntax.Kind) -> TypeSyntax {
        let start = position
        advance()
        return type(kind, from: start)
    }

    private mutating func sizedType() -> TypeSyntax {
        let start = position
        let keyword = advance().kind
        guard kind == .less else {
            if keyword == .varbit { failExpecting("'<' and the greatest width") }
            return type(keyword == .bit ? .bit(width: nil) : .integer, from: start)
        }
        advance()
        let width = width()
        expect(.greater)
        switch keyword {
        case .bit: return type(.bit(width: width), from: start)
        case .int: return type(.signed(width: width), from: start)
        default: return type(.varbit(width: width), from: start)
        }
    }

    private mutating func width() -> Expression {
        if kind == .identifier {
            let name = token
            report(
                "a width that is not a number needs parentheses: '(\(name.text))'", at: name.range)
        }
        return setFree { parser in
            switch parser.kind {
            case .integer, .identifier, .leftParenthesis: return parser.operand()
            default:
                parser.failExpecting("a width: a number, or an expression in parentheses")
                return parser.expression(.invalid, from: parser.position)
            }
        }
    }

    private mutating func listType() -> TypeSyntax {
        let start = position
        advance()
        let arguments = typeArguments()
        guard arguments.count == 1 else {
            report("'list' takes one type argument", at: range(from: start))
            return type(.invalid, from: start)
        }
        return type(.list(arguments[0]), from: start)
    }

    /// `T`, `.T`, `T<A, B>`
    mutating func namedType() -> TypeSyntax {
        let start = position
        let name = pathName("a type")
        let base = type(.named(name), from: start)
        guard kind == .less else { return base }
        let arguments = typeArguments()
        return type(.specialized(base, arguments), from: start)
    }

    mutating func pathName(_ what: String = "a name") -> PathName {
        let isAbsolute = accept(.dot)
        return PathName(isAbsolute: isAbsolute, name: expectName(what))
    }

    /// `<A, _, B>`
    mutating func typeArguments() -> [TypeSyntax] {
        let open = token
        guard expect(.less) else { return [] }
        var arguments: [TypeSyntax] = []
        if kind != .greater {
            repeat {
                arguments.append(kind == .underscore ? keywordType(.dontCare) : type())
            } while accept(.comma)
        }
        expectClosing(.greater, of: open)
        return arguments
    }

    /// `<T, U>` in a declaration, put into the current scope; empty without `<`.
    mutating func typeParameters() -> [TypeParameter] {
        guard kind == .less else { return [] }
        let open = advance()
        var parameters: [TypeParameter] = []
        repeat {
            let name = expectName("a type parameter")
            scopes.declare(name, as: .type)
            parameters.append(TypeParameter(id: ids.make(), name: name))
        } while accept(.comma)
        expectClosing(.greater, of: open)
        return parameters
    }
}
