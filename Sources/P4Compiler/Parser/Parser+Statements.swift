// SPDX-License-Identifier: Apache-2.0

extension Parser {
    private static let assignments: [TokenKind: BinaryOperator] = [
        .plusAssign: .add, .minusAssign: .subtract, .starAssign: .multiply, .slashAssign: .divide,
        .percentAssign: .modulo, .ampersandAssign: .bitAnd, .barAssign: .bitOr, .caretAssign: .bitXor,
        .shiftLeftAssign: .shiftLeft, .saturatingAddAssign: .saturatingAdd,
        .saturatingSubtractAssign: .saturatingSubtract,
    ]

    /// `{ … }`, a scope of its own.
    mutating func block(_ annotations: [Annotation] = []) -> Block {
        let start = position
        var statements: [Statement] = []
        scopes.begin()
        if enter() {
            braced { statements.append($0.statement()) }
            leave()
        }
        scopes.end()
        return Block(statements: statements, annotations: annotations, range: range(from: start))
    }

    mutating func statement() -> Statement {
        let start = position
        let annotations = annotations()
        guard enter() else { return statement(.invalid, annotations, from: start) }
        defer { leave() }
        switch kind {
        case .semicolon:
            advance()
            return statement(.empty, annotations, from: start)
        case .leftBrace:
            let block = block(annotations)
            return statement(.block(block), annotations, from: start)
        case .if: return conditional(annotations, from: start)
        case .switch: return switchStatement(annotations, from: start)
        case .for: return loop(annotations, from: start)
        case .break, .continue, .exit: return jump(annotations, from: start)
        case .return:
            advance()
            let value = kind == .semicolon || kind == .rightBrace ? nil : expression()
            expectSemicolon()
            return statement(.return(value), annotations, from: start)
        case .else:
            fail("'else' without 'if'")
            return statement(.invalid, annotations, from: start)
        default:
            let simple = simpleStatement(annotations, from: start)
            // A declaration has read its own.
            if case .declaration = simple.kind { return simple }
            expectSemicolon()
            return simple
        }
    }

    private mutating func statement(_ kind: Statement.Kind, _ annotations: [Annotation], from start: Int) -> Statement {
        Statement(id: ids.make(), range: range(from: start), annotations: annotations, kind: kind)
    }

    private mutating func jump(_ annotations: [Annotation], from start: Int) -> Statement {
        let keyword = advance().kind
        expectSemicolon()
        let kind: Statement.Kind = keyword == .break ? .break : keyword == .continue ? .continue : .exit
        return statement(kind, annotations, from: start)
    }

    // MARK: Simple statements

    /// A declaration with its semicolon, or an assignment or call without.
    private mutating func simpleStatement(_ annotations: [Annotation], from start: Int) -> Statement {
        if kind == .const || isAtTypedDeclaration {
            let declaration = localDeclaration(annotations, from: start)
            return statement(.declaration(declaration), annotations, from: start)
        }
        return action(annotations, from: start)
    }

    /// An assignment or call, without semicolon.
    private mutating func action(_ annotations: [Annotation], from start: Int) -> Statement {
        if isAtDirectApplication {
            let base = namedType()
            advance()
            advance()
            let arguments = arguments()
            return statement(.directApplication(base, arguments), annotations, from: start)
        }
        guard kind.beginsExpression else {
            failBeginning("a statement")
            return statement(.invalid, annotations, from: start)
        }
        let first = expression()
        if let assignment = assignmentOperator() {
            checkAssignable(first)
            let value = expression()
            return statement(
                .assignment(target: first, operation: assignment.operation, value: value), annotations, from: start)
        }
        if case .call = first.kind { return statement(.call(first), annotations, from: start) }
        if kind == .semicolon || token.isFirstOnLine {
            report("this expression does nothing: expected a call or an assignment", at: first.range)
            return statement(.invalid, annotations, from: start)
        }
        failExpecting("'=' or a call")
        return statement(.invalid, annotations, from: start)
    }

    private struct Assignment {
        let operation: BinaryOperator?
    }

    /// Reads `=` or `op=`.
    private mutating func assignmentOperator() -> Assignment? {
        if accept(.assign) { return Assignment(operation: nil) }
        if let operation = Self.assignments[kind] {
            advance()
            return Assignment(operation: operation)
        }
        guard kind == .greater, !peek().hasSpaceBefore, peek().kind == .greaterOrEqual else { return nil }
        advance()
        advance()
        return Assignment(operation: .shiftRight)
    }

    private func checkAssignable(_ target: Expression) {
        switch target.unparenthesized.kind {
        case .name, .member, .index, .slice, .partSelect, .this, .invalid: break
        default: report("cannot assign to this expression", at: target.range)
        }
    }

    // MARK: Branches

    private mutating func conditional(_ annotations: [Annotation], from start: Int) -> Statement {
        advance()
        let condition = expressionInParentheses()
        let first = scopedStatement()
        let second = accept(.else) ? scopedStatement() : nil
        return statement(.conditional(condition, then: first, else: second), annotations, from: start)
    }

    private mutating func scopedStatement() -> Statement {
        scopes.begin()
        defer { scopes.end() }
        return statement()
    }

    private mutating func switchStatement(_ annotations: [Annotation], from start: Int) -> Statement {
        advance()
        let subject = expressionInParentheses()
        var cases: [SwitchCase] = []
        braced { cases.append($0.switchCase()) }
        return statement(.switch(subject, cases), annotations, from: start)
    }

    private mutating func switchCase() -> SwitchCase {
        let start = position
        let label: Expression
        if kind == .default {
            advance()
            label = expression(.defaultKey, from: start)
        } else {
            label = expression()
        }
        expect(.colon)
        let body = kind == .leftBrace || kind == .at ? block(annotations()) : nil
        return SwitchCase(label: label, body: body, range: range(from: start))
    }

    // MARK: Loops

    private mutating func loop(_ annotations: [Annotation], from start: Int) -> Statement {
        advance()
        scopes.begin()
        defer { scopes.end() }
        let open = token
        expect(.leftParenthesis)
        let first = position
        let elementAnnotations = self.annotations()
        if let end = skipType(at: position), token(at: end).kind == .identifier, token(at: end + 1).kind == .in {
            return forEach(annotations, elementAnnotations, open, from: start, element: first)
        }
        let initializers = simpleStatements(until: .semicolon)
        expect(.semicolon)
        let condition = expression()
        expect(.semicolon)
        let updates = simpleStatements(until: .rightParenthesis)
        expectClosing(.rightParenthesis, of: open)
        let body = scopedStatement()
        return statement(
            .loop(initializers: initializers, condition: condition, updates: updates, body: body), annotations,
            from: start)
    }

    private mutating func forEach(
        _ annotations: [Annotation], _ elementAnnotations: [Annotation], _ open: Token, from start: Int, element: Int
    ) -> Statement {
        let type = type()
        let name = expectName()
        let variable = declaration(.variable(type: type, value: nil), name, elementAnnotations, from: element)
        expect(.in)
        let collection = setFree(false) { $0.expression() }
        expectClosing(.rightParenthesis, of: open)
        scopes.declare(name, as: .value)
        let body = scopedStatement()
        return statement(.forEach(variable, in: collection, body: body), annotations, from: start)
    }

    private mutating func simpleStatements(until close: TokenKind) -> [Statement] {
        var statements: [Statement] = []
        while kind != close, kind != .endOfFile {
            let start = position
            let annotations = annotations()
            if isAtTypedDeclaration {
                let variable = loopVariable(annotations, from: start)
                statements.append(statement(.declaration(variable), annotations, from: start))
            } else {
                statements.append(action(annotations, from: start))
            }
            guard accept(.comma) else { break }
        }
        return statements
    }

    private mutating func loopVariable(_ annotations: [Annotation], from start: Int) -> Declaration {
        let type = type()
        let name = expectName("a variable's name")
        let value = accept(.assign) ? expression() : nil
        scopes.declare(name, as: .value)
        return declaration(.variable(type: type, value: value), name, annotations, from: start)
    }
}

extension TokenKind {
    fileprivate var beginsExpression: Bool {
        switch self {
        case .identifier, .dot, .this, .leftParenthesis, .integer, .string, .true, .false, .leftBrace, .not, .tilde,
            .minus, .plus, .error:
            true
        default: false
        }
    }
}
