// SPDX-License-Identifier: Apache-2.0

/// Declarations at the top level, and those that stand there and elsewhere.
extension Parser {
    mutating func program() -> Program {
        var declarations: [Declaration] = []
        while kind != .endOfFile {
            let before = position
            if kind == .rightBrace {
                fail("unexpected '}': nothing is open here")
                calm()
                advance()
                continue
            }
            if !accept(.semicolon), let declaration = topLevelDeclaration() { declarations.append(declaration) }
            if diagnostics.isFull { break }
            resynchronizeAtTop(from: before)
            if position == before, kind != .endOfFile, kind != .rightBrace { advance() }
        }
        return Program(declarations: declarations, nodeCount: Int(ids.next))
    }

    /// Nil where not even the kind of declaration is recognizable, which is reported.
    private mutating func topLevelDeclaration() -> Declaration? {
        let start = position
        let annotations = annotations()
        switch kind {
        case .const: return constant(annotations, from: start)
        case .extern: return externDeclaration(annotations, from: start)
        case .action: return actionDeclaration(annotations, from: start)
        case .parser: return parserDeclaration(annotations, from: start)
        case .control: return controlDeclaration(annotations, from: start)
        case .package: return packageDeclaration(annotations, from: start)
        case .header, .headerUnion, .struct, .enum, .typedef: return typeDeclaration(annotations, from: start)
        case .error where peek().kind == .leftBrace: return errorDeclaration(annotations, from: start)
        case .matchKind where peek().kind == .leftBrace: return matchKindDeclaration(annotations, from: start)
        case .table:
            fail("a table must be inside a control")
            return nil
        case .identifier where isAtNewType: return newTypeDeclaration(annotations, from: start)
        case .identifier, .dot, .bit, .int, .varbit, .bool, .error, .stringType, .tuple, .void, .matchKind:
            return typedTopLevelDeclaration(annotations, from: start)
        default:
            failBeginning("a declaration")
            return nil
        }
    }

    /// A function or an instance.
    private mutating func typedTopLevelDeclaration(_ annotations: [Annotation], from start: Int) -> Declaration? {
        if kind == .identifier, peek().kind.beginsStatementOnly {
            fail("expected a declaration instead of a statement")
            return nil
        }
        if isAtFunction || kind == .void { return function(annotations, from: start) }
        let type = type()
        if kind == .leftParenthesis { return instance(type, annotations, from: start) }
        let variable = variable(type, annotations, from: start)
        report(
            "a variable cannot stand at the top level: use 'const', or declare it where it is used",
            at: variable.name.range)
        return variable
    }

    /// Whether a type, a name and `(` or `<` follow.
    var isAtFunction: Bool {
        guard let end = skipTypeOfFunction(), token(at: end).kind == .identifier else { return false }
        return token(at: end + 1).kind == .leftParenthesis || token(at: end + 1).kind == .less
    }

    /// A function's result may be one of its own type parameters, which an earlier value might share its name with.
    private func skipTypeOfFunction() -> Int? {
        skipType(at: position) ?? (kind == .identifier && peek().kind == .identifier ? position + 1 : nil)
    }

    // MARK: Constants, variables, instances

    mutating func constant(_ annotations: [Annotation], from start: Int) -> Declaration {
        advance()
        let type = type()
        let name = expectName("a constant's name")
        expect(.assign)
        let value = expression()
        expectSemicolon()
        scopes.declare(name, as: .value)
        return declaration(.constant(type: type, value: value), name, annotations, from: start)
    }

    /// A constant, variable or instance.
    mutating func localDeclaration(_ annotations: [Annotation], from start: Int) -> Declaration {
        if kind == .const { return constant(annotations, from: start) }
        let type = type()
        if kind == .leftParenthesis { return instance(type, annotations, from: start) }
        return variable(type, annotations, from: start)
    }

    private mutating func variable(_ type: TypeSyntax, _ annotations: [Annotation], from start: Int) -> Declaration {
        let name = expectName("a variable's name")
        let value = accept(.assign) ? expression() : nil
        expectSemicolon()
        scopes.declare(name, as: .value)
        return declaration(.variable(type: type, value: value), name, annotations, from: start)
    }

    private mutating func instance(_ type: TypeSyntax, _ annotations: [Annotation], from start: Int) -> Declaration {
        let open = position
        let arguments = arguments()
        let argumentsRange = range(from: open)
        let name = expectName("an instance's name")
        var initializer: [Declaration]?
        if accept(.assign) {
            var members: [Declaration] = []
            scopes.begin()
            if enter() {
                braced { members.append($0.initializerMember()) }
                leave()
            }
            scopes.end()
            initializer = members
        }
        expectSemicolon()
        scopes.declare(name, as: .value)
        let instance = InstanceDeclaration(
            type: type, arguments: arguments, argumentsRange: argumentsRange, initializer: initializer)
        return declaration(.instance(instance), name, annotations, from: start)
    }

    /// A function or instance in the block that completes an extern's abstract methods.
    private mutating func initializerMember() -> Declaration {
        let start = position
        let annotations = annotations()
        if isAtFunction { return function(annotations, from: start) }
        return instance(type(), annotations, from: start)
    }

    // MARK: Functions and actions

    mutating func function(_ annotations: [Annotation], from start: Int) -> Declaration {
        scopes.begin()
        let (name, prototype) = functionPrototype()
        let body = block()
        scopes.end()
        scopes.declare(name, as: .value)
        let function = FunctionDeclaration(prototype: prototype, body: body)
        return declaration(.function(function), name, annotations, from: start)
    }

    /// `T name<T>(parameters)`; the parameters are put into the current scope.
    mutating func functionPrototype() -> (Name, FunctionPrototype) {
        let result = type()
        let name = expectName("a function's name")
        let types = typeParameters()
        let parameters = parameters()
        return (name, FunctionPrototype(result: result, typeParameters: types, parameters: parameters))
    }

    mutating func actionDeclaration(_ annotations: [Annotation], from start: Int) -> Declaration {
        advance()
        let name = expectName("an action's name")
        scopes.begin()
        let parameters = parameters()
        let body = block()
        scopes.end()
        scopes.declare(name, as: .value)
        let action = ActionDeclaration(parameters: parameters, body: body)
        return declaration(.action(action), name, annotations, from: start)
    }

    /// `(in T a, out U b = …)`, put into the current scope.
    mutating func parameters() -> [Parameter] {
        let open = token
        guard expect(.leftParenthesis) else { return [] }
        var parameters: [Parameter] = []
        while kind != .rightParenthesis, kind != .endOfFile {
            parameters.append(parameter())
            guard accept(.comma) else { break }
            if kind == .rightParenthesis { failExpecting("a parameter") }
        }
        expectClosing(.rightParenthesis, of: open)
        return parameters
    }

    private mutating func parameter() -> Parameter {
        let start = position
        let annotations = annotations()
        var direction = Parameter.Direction.none
        switch kind {
        case .in: direction = .in
        case .out: direction = .out
        case .inout: direction = .inout
        default: break
        }
        if direction != .none { advance() }
        let type = type()
        let name = expectName("a parameter's name")
        let value = accept(.assign) ? expression() : nil
        scopes.declare(name, as: .value)
        return Parameter(
            id: ids.make(), annotations: annotations, direction: direction, type: type, name: name,
            defaultValue: value, range: range(from: start))
    }
}

extension TokenKind {
    /// After a name, these tokens make a statement, not a declaration.
    fileprivate var beginsStatementOnly: Bool {
        switch self {
        case .assign, .plusAssign, .minusAssign, .starAssign, .slashAssign, .percentAssign, .ampersandAssign,
            .barAssign, .caretAssign, .shiftLeftAssign, .saturatingAddAssign, .saturatingSubtractAssign, .dot:
            true
        default: false
        }
    }
}
