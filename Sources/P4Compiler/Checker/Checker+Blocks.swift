// SPDX-License-Identifier: Apache-2.0

internal import TextLayout

extension Checker {
    func declare(control: ControlDeclaration, _ declaration: Declaration) {
        let symbol = BlockSymbol(
            name: declaration.name.text, range: declaration.name.range, isParser: false,
            annotations: declaration.annotations)
        inBlock(symbol, control.prototype, control.constructorParameters) {
            for local in control.locals { scope.later[local.name.text] = local.name.range }
            for local in control.locals { check(controlLocal: local, of: symbol) }
            inPlace(.control) { symbol.body = check(block: control.apply) }
        }
        declare(declaration.name, .block(symbol))
    }

    private func check(controlLocal local: Declaration, of symbol: BlockSymbol) {
        switch local.kind {
        case .action(let action): declare(action: action, local)
        case .table(let table): declare(table: table, local, of: symbol)
        case .function: error("a function is declared at the top level, not in a control", at: local.name.range)
        default:
            if let statement = check(local: local) { symbol.variables.append(statement) }
        }
        (resultType, loopDepth) = (.void, 0)
    }

    func declare(parser: ParserDeclaration, _ declaration: Declaration) {
        let symbol = BlockSymbol(
            name: declaration.name.text, range: declaration.name.range, isParser: true,
            annotations: declaration.annotations)
        inBlock(symbol, parser.prototype, parser.constructorParameters) {
            for local in parser.locals {
                if let statement = check(local: local) { symbol.variables.append(statement) }
            }
            check(states: parser.states, of: symbol)
        }
        declare(declaration.name, .block(symbol))
    }

    /// Runs `body` in the scope of a parser or control, its parameters declared.
    private func inBlock(
        _ symbol: BlockSymbol, _ prototype: BlockPrototype, _ constructorParameters: [Parameter], _ body: () -> Void
    ) {
        if let first = prototype.typeParameters.first {
            error(
                "a \(symbol.isParser ? "parser" : "control") with a body can't have type parameters",
                at: first.name.range)
        }
        inPlace(.blockLocals) {
            inNewScope {
                _ = declare(typeParameters: prototype.typeParameters)
                block = symbol
                symbol.parameters = parameters(prototype.parameters)
                symbol.constructorParameters = parameters(constructorParameters) { _ in .constructorParameter }
                declare(parameters: symbol.parameters + symbol.constructorParameters)
                (resultType, loopDepth) = (.void, 0)
                inNewScope { body() }
                block = nil
            }
        }
    }

    // MARK: Parser states

    private func check(states: [ParserState], of symbol: BlockSymbol) {
        var known: [String: StateSymbol] = [:]
        for state in states {
            let name = state.name.text
            if name == "accept" || name == "reject" {
                error("'\(name)' is there by itself: it can't be declared", at: state.name.range)
            } else if let earlier = known[name] {
                error(
                    "state '\(name)' is declared twice", at: state.name.range,
                    notes: [Diagnostic.Note("the first declaration is here", at: earlier.range)])
            } else {
                let typed = StateSymbol(name: name, range: state.name.range)
                known[name] = typed
                symbol.states.append(typed)
            }
        }
        if known["start"] == nil, !states.isEmpty || symbol.states.isEmpty {
            error("parser '\(symbol.name)' has no state 'start'", at: symbol.range)
        }
        for state in states {
            guard let typed = known[state.name.text], typed.range == state.name.range else { continue }
            inPlace(.parserState) { inNewScope { check(state, as: typed, known) } }
        }
    }

    private func check(_ state: ParserState, as symbol: StateSymbol, _ known: [String: StateSymbol]) {
        symbol.statements = TypedBlock(statements: check(state.statements))
        guard let transition = state.transition else { return }
        symbol.transitionRange = transition.range
        switch transition.target {
        case .state(let name):
            if let target = target(name, known) { symbol.transition = .direct(target) }
        case .select(let keys, let cases):
            let typed = keys.map(checkSelected)
            let typedCases = cases.compactMap { check($0, selecting: typed, known) }
            if let unreachable = cases.firstIndex(where: isCatchAll), unreachable + 1 < cases.count {
                warning("this case is never reached: the one before takes everything", at: cases[unreachable + 1].range)
            }
            symbol.transition = .select(typed, typedCases)
        }
    }

    private func isCatchAll(_ item: SelectCase) -> Bool {
        item.keys.allSatisfy { key in
            switch key.unparenthesized.kind {
            case .defaultKey, .dontCare: true
            default: false
            }
        }
    }

    private func target(_ name: Name, _ known: [String: StateSymbol]) -> StateSymbol.Target? {
        switch name.text {
        case "accept": return .accept
        case "reject": return .reject
        default:
            if let state = known[name.text] { return .state(state) }
            let hint = NearName.didYouMean(name.text, among: known.keys + ["accept", "reject"])
            error("unknown state '\(name)'" + hint, at: name.range)
            return nil
        }
    }

    private func checkSelected(_ expression: Expression) -> TypedExpression {
        let typed = check(expression)
        if !typed.isInvalid, typed.type.width == nil {
            let advice = typed.type == .integer ? "; give it a width, for example 8w1" : ""
            return refuse("select takes values with a width, found \(typed.type)" + advice, at: expression.range)
        }
        return typed
    }

    private func check(_ item: SelectCase, selecting keys: [TypedExpression], _ known: [String: StateSymbol])
        -> StateSymbol.Case?
    {
        let target = target(item.state, known)
        guard let keysets = keysets(item.keys, for: keys.map(\.type), at: item.keysRange, of: "select"), let target
        else { return nil }
        return StateSymbol.Case(keys: keysets, target: target)
    }

    /// Sets of keys, one a type; a single `default` or `_` stands for all.
    func keysets(_ keys: [Expression], for types: [P4Type], at range: SourceRange, of place: String) -> [Keyset]? {
        if keys.count == 1, types.count != 1 {
            switch keys[0].unparenthesized.kind {
            case .defaultKey, .dontCare: return types.map { _ in .any }
            case .name(let path):
                if case .valueSet? = scope.lookUp(path.text) { return nil }
            default: break
            }
        }
        guard keys.count == types.count else {
            error("\(place) has \(counted(types.count, "key")), found \(counted(keys.count, "value"))", at: range)
            return nil
        }
        var sets: [Keyset] = []
        var isValid = true
        for (key, type) in zip(keys, types) {
            if let set = keyset(key, for: type) { sets.append(set) } else { isValid = false }
        }
        return isValid ? sets : nil
    }

    private func keyset(_ key: Expression, for type: P4Type) -> Keyset? {
        switch key.unparenthesized.kind {
        case .defaultKey, .dontCare: return .any
        case .binary(.mask, let left, let right):
            return pair(left, right, of: type, named: "&&&").map { .masked($0, $1) }
        case .binary(.range, let left, let right):
            return pair(left, right, of: type, named: "..").map { .range($0, $1) }
        default:
            let value = check(key, as: type)
            return value.isInvalid ? nil : .value(value)
        }
    }

    private func pair(_ left: Expression, _ right: Expression, of type: P4Type, named name: String)
        -> (TypedExpression, TypedExpression)?
    {
        guard type.underlying.isNumeric || type.isInvalid else {
            error("'\(name)' makes sets of numbers, and this key is \(type)", at: left.range.through(right.range))
            return nil
        }
        let (first, second) = (check(left, as: type), check(right, as: type))
        return first.isInvalid || second.isInvalid ? nil : (first, second)
    }
}
