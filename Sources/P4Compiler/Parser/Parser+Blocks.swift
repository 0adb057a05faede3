// SPDX-License-Identifier: Apache-2.0

/// Parsers and controls.
extension Parser {
    // MARK: Parsers

    mutating func parserDeclaration(_ annotations: [Annotation], from start: Int) -> Declaration {
        advance()
        let name = expectName("a parser's name")
        scopes.declare(name, as: .type)
        scopes.begin()
        defer { scopes.end() }
        let prototype = BlockPrototype(typeParameters: typeParameters(), parameters: parameters())
        if accept(.semicolon) { return declaration(.parserType(prototype), name, annotations, from: start) }
        let constructor = kind == .leftParenthesis ? parameters() : []
        var locals: [Declaration] = []
        var states: [ParserState] = []
        braced { parser in
            let element = parser.position
            let annotations = parser.annotations()
            if parser.isWord("state"), parser.peek().kind == .identifier {
                states.append(parser.state(annotations, from: element))
            } else {
                let local = parser.parserLocal(annotations, from: element)
                if !states.isEmpty { parser.report("declarations stand before the first state", at: local.name.range) }
                locals.append(local)
            }
        }
        let body = ParserDeclaration(
            prototype: prototype, constructorParameters: constructor, locals: locals, states: states)
        return declaration(.parser(body), name, annotations, from: start)
    }

    private mutating func parserLocal(_ annotations: [Annotation], from start: Int) -> Declaration {
        if kind == .valueSet { return valueSet(annotations, from: start) }
        if kind != .const, !isAtTypedDeclaration { failBeginning("a state or declaration") }
        return localDeclaration(annotations, from: start)
    }

    private mutating func valueSet(_ annotations: [Annotation], from start: Int) -> Declaration {
        advance()
        let open = token
        expect(.less)
        let element = type()
        expectClosing(.greater, of: open)
        let size = expressionInParentheses()
        let name = expectName("a value set's name")
        expectSemicolon()
        scopes.declare(name, as: .value)
        return declaration(.valueSet(element: element, size: size), name, annotations, from: start)
    }

    private mutating func state(_ annotations: [Annotation], from start: Int) -> ParserState {
        advance()
        let name = expectName("a state's name")
        var statements: [Statement] = []
        var transition: Transition?
        scopes.begin()
        braced { parser in
            let element = parser.position
            if parser.kind == .transition {
                let next = parser.transition()
                transition = transition ?? next
                return
            }
            let statement = parser.statement()
            if transition != nil {
                parser.report("nothing can follow a state's transition", at: parser.range(from: element))
            }
            parser.checkAllowedInState(statement)
            statements.append(statement)
        }
        scopes.end()
        return ParserState(
            id: ids.make(), annotations: annotations, name: name, statements: statements, transition: transition,
            range: range(from: start))
    }

    private func checkAllowedInState(_ statement: Statement) {
        switch statement.kind {
        case .switch: report("a parser state has no 'switch': use 'transition select'", at: statement.range)
        case .return, .exit: report("a parser state cannot be left this way: use 'transition'", at: statement.range)
        default: break
        }
    }

    private mutating func transition() -> Transition {
        let start = position
        advance()
        let target: Transition.Target
        if accept(.select) {
            target = select()
        } else {
            target = .state(expectName("a state's name"))
            expectSemicolon()
        }
        return Transition(target: target, range: range(from: start))
    }

    private mutating func select() -> Transition.Target {
        let open = token
        expect(.leftParenthesis)
        let subjects = expressionList(until: .rightParenthesis)
        expectClosing(.rightParenthesis, of: open)
        var cases: [SelectCase] = []
        braced { cases.append($0.selectCase()) }
        return .select(subjects, cases)
    }

    private mutating func selectCase() -> SelectCase {
        let start = position
        let (keys, keysRange) = keys()
        expect(.colon)
        let state = expectName("a state's name")
        expectSemicolon()
        return SelectCase(keys: keys, keysRange: keysRange, state: state, range: range(from: start))
    }

    // MARK: Controls

    mutating func controlDeclaration(_ annotations: [Annotation], from start: Int) -> Declaration {
        advance()
        let name = expectName("a control's name")
        scopes.declare(name, as: .type)
        scopes.begin()
        defer { scopes.end() }
        let prototype = BlockPrototype(typeParameters: typeParameters(), parameters: parameters())
        if accept(.semicolon) { return declaration(.controlType(prototype), name, annotations, from: start) }
        let constructor = kind == .leftParenthesis ? parameters() : []
        var locals: [Declaration] = []
        var apply: Block?
        let open = position
        let errors = diagnostics.errorCount
        braced { parser in
            let element = parser.position
            let annotations = parser.annotations()
            if parser.isWord("apply"), parser.peek().kind == .leftBrace {
                let keyword = parser.advance()
                if apply != nil { parser.report("a control has one 'apply' block", at: keyword.range) }
                let block = parser.block(annotations)
                apply = apply ?? block
                return
            }
            let local = parser.controlLocal(annotations, from: element)
            if apply != nil { parser.report("declarations stand before the 'apply' block", at: local.name.range) }
            locals.append(local)
        }
        // Any error inside may have taken the block with it.
        if apply == nil, diagnostics.errorCount == errors {
            report("the control '\(name)' has no 'apply' block", at: name.range)
        }
        let body = ControlDeclaration(
            prototype: prototype, constructorParameters: constructor, locals: locals,
            apply: apply ?? Block(statements: [], annotations: [], range: range(from: open)))
        return declaration(.control(body), name, annotations, from: start)
    }

    private mutating func controlLocal(_ annotations: [Annotation], from start: Int) -> Declaration {
        switch kind {
        case .action: return actionDeclaration(annotations, from: start)
        case .table: return table(annotations, from: start)
        default:
            if kind != .const, !isAtTypedDeclaration { failBeginning("a declaration or the 'apply' block") }
            return localDeclaration(annotations, from: start)
        }
    }
}
