// SPDX-License-Identifier: Apache-2.0

internal import TextLayout

extension Checker {
    /// Checks a block in a scope of its own.
    func check(block: Block) -> TypedBlock {
        inNewScope { TypedBlock(statements: check(block.statements)) }
    }

    func check(_ statements: [Statement]) -> [TypedStatement] {
        statements.compactMap(check)
    }

    /// A statement as the branch of another: a block even if it is written without braces.
    private func check(branch statement: Statement) -> TypedBlock {
        if case .block(let block) = statement.kind { return check(block: block) }
        return inNewScope { TypedBlock(statements: check(statement).map { [$0] } ?? []) }
    }

    func check(_ statement: Statement) -> TypedStatement? {
        let kind: TypedStatement.Kind?
        switch statement.kind {
        case .empty, .invalid: kind = nil
        case .block(let block): kind = .block(check(block: block))
        case .assignment(let target, let operation, let value): kind = assign(target, operation, value)
        case .call(let expression): kind = check(callStatement: expression)
        case .directApplication(let syntax, let arguments):
            kind = check(direct: syntax, arguments, at: statement.range)
        case .conditional(let condition, let first, let second):
            let typed = check(condition, as: .bool)
            let (then, otherwise) = (check(branch: first), second.map { check(branch: $0) })
            kind = typed.isInvalid ? nil : .conditional(typed, then, else: otherwise)
        case .switch(let subject, let cases): kind = check(switch: subject, cases)
        case .loop(let initial, let condition, let updates, let body):
            kind = check(loop: initial, condition, updates, body)
        case .forEach(let variable, let collection, let body):
            kind = check(forEach: variable, in: collection, body, at: statement.range)
        case .break, .continue: kind = check(jump: statement)
        case .exit:
            if place != .control && place != .action { error("exit can't stand in \(place.name)", at: statement.range) }
            kind = .exit
        case .return(let value): kind = check(return: value, at: statement.range)
        case .declaration(let declaration): return check(local: declaration)
        }
        return kind.map { TypedStatement(kind: $0, range: statement.range) }
    }

    private func assign(_ target: Expression, _ operation: BinaryOperator?, _ value: Expression)
        -> TypedStatement.Kind?
    {
        let typedTarget = check(target)
        guard !typedTarget.isInvalid else {
            _ = check(value)
            return nil
        }
        if let problem = lvalueProblem(typedTarget) {
            error(problem, at: target.range)
            return nil
        }
        var typedValue: TypedExpression
        if let operation {
            let operand = check(value)
            guard !operand.isInvalid else { return nil }
            typedValue = combine(operation, typedTarget, operand, at: target.range.through(value.range))
            typedValue = convert(typedValue, to: typedTarget.type)
        } else {
            typedValue = check(value, as: typedTarget.type)
        }
        return typedValue.isInvalid ? nil : .assignment(typedTarget, typedValue)
    }

    private func check(callStatement expression: Expression) -> TypedStatement.Kind? {
        let typed = check(expression)
        switch typed.kind {
        case .call(let call): return .call(call)
        case .construction: error("an object that nothing uses", at: expression.range)
        default: break
        }
        return nil
    }

    private func check(direct syntax: TypeSyntax, _ arguments: [Argument], at range: SourceRange)
        -> TypedStatement.Kind?
    {
        let type = resolve(syntax)
        guard case .block(let symbol) = type else {
            if !type.isInvalid { error("\(type) can't be applied", at: syntax.range) }
            return nil
        }
        guard symbol.constructorParameters.allSatisfy({ $0.defaultValue != nil }) else {
            error("'\(symbol.name)' needs arguments for its constructor: declare an object of it", at: syntax.range)
            return nil
        }
        let instance = InstanceSymbol(
            name: symbol.name, range: syntax.range, type: type,
            arguments: symbol.constructorParameters.map(\.defaultValue))
        let callee = Expression(id: syntax.id, range: syntax.range, kind: .type(syntax))
        let call = Expression.Call(callee: callee, typeArguments: [], arguments: arguments, argumentsRange: range)
        guard case .call(let typed) = apply(instance, symbol, call, at: range).kind else { return nil }
        block?.instances.append(instance)
        return .call(typed)
    }

    private func check(return value: Expression?, at range: SourceRange) -> TypedStatement.Kind? {
        if place == .parserState {
            error("return can't stand in a parser state", at: range)
            return nil
        }
        guard let value else {
            if resultType != .void, !resultType.isInvalid { error("this function returns \(resultType)", at: range) }
            return .return(nil)
        }
        guard resultType != .void else {
            error("\(place.name) returns nothing", at: value.range)
            return .return(nil)
        }
        let typed = check(value, as: resultType)
        return typed.isInvalid ? nil : .return(typed)
    }

    // MARK: switch

    private func check(switch subject: Expression, _ cases: [SwitchCase]) -> TypedStatement.Kind? {
        let typed = check(subject)
        switch typed.kind {
        case .actionRun(let call):
            guard case .table(let table) = call.callee else { return nil }
            return .switchOnAction(call, check(actionCases: cases, of: table))
        case .invalid:
            for item in cases { _ = item.body.map(check(block:)) }
            return nil
        default: break
        }
        guard typed.type.underlying.width != nil else {
            error(
                "switch takes a number, an enum, an error or t.apply().action_run, found \(typed.type)",
                at: subject.range)
            return nil
        }
        return .switchOnValue(typed, check(valueCases: cases, of: typed.type))
    }

    /// The labels of each body: those of the cases without a body before it fall through to it.
    private func grouped(_ cases: [SwitchCase]) -> [(labels: [Expression], body: Block?)] {
        var groups: [(labels: [Expression], body: Block?)] = []
        var labels: [Expression] = []
        for item in cases {
            labels.append(item.label)
            guard let body = item.body else { continue }
            groups.append((labels, body))
            labels = []
        }
        if !labels.isEmpty { groups.append((labels, nil)) }
        return groups
    }

    private func check(actionCases cases: [SwitchCase], of table: TableSymbol) -> [TypedStatement.ActionCase] {
        var seen: Set<String> = []
        return grouped(cases).map { labels, body in
            var actions: [TableActionSymbol] = []
            var isDefault = false
            for label in labels {
                let key: String
                switch label.unparenthesized.kind {
                case .defaultKey: (key, isDefault) = ("default", true)
                case .name(let path):
                    key = path.text
                    let found = table.actions.filter { $0.name == path.text }
                    if found.isEmpty {
                        let hint = NearName.didYouMean(path.text, among: table.actions.map(\.name))
                        error("table '\(table.name)' has no action '\(path)'" + hint, at: label.range)
                    }
                    actions += found
                default:
                    error("the name of an action is expected here", at: label.range)
                    continue
                }
                if !seen.insert(key).inserted { error("'\(key)' has two cases", at: label.range) }
            }
            return TypedStatement.ActionCase(
                actions: actions, isDefault: isDefault, body: body.map(check(block:)) ?? TypedBlock())
        }
    }

    private func check(valueCases cases: [SwitchCase], of type: P4Type) -> [TypedStatement.ValueCase] {
        var seen: Set<Constant> = []
        var hasDefault = false
        return grouped(cases).map { labels, body in
            var values: [TypedExpression] = []
            var isDefault = false
            for label in labels {
                if case .defaultKey = label.unparenthesized.kind {
                    if hasDefault { error("'default' has two cases", at: label.range) }
                    (isDefault, hasDefault) = (true, true)
                    continue
                }
                let value = check(label, as: type)
                if value.isInvalid { continue }
                guard let constant = value.constant else {
                    error("a case must be known at compile time", at: label.range)
                    continue
                }
                if !seen.insert(constant).inserted { error("this value has two cases", at: label.range) }
                values.append(value)
            }
            return TypedStatement.ValueCase(
                values: values, isDefault: isDefault, body: body.map(check(block:)) ?? TypedBlock())
        }
    }
}

extension TypedBlock {
    /// Whether control never comes to its end.
    var alwaysReturns: Bool { statements.contains(where: \.alwaysReturns) }
}

extension TypedStatement {
    fileprivate var alwaysReturns: Bool {
        switch kind {
        case .return, .exit: true
        case .block(let block): block.alwaysReturns
        case .conditional(_, let first, let second): first.alwaysReturns && (second?.alwaysReturns ?? false)
        case .switchOnValue(_, let cases):
            cases.contains(where: \.isDefault) && cases.allSatisfy(\.body.alwaysReturns)
        case .switchOnAction(_, let cases):
            cases.contains(where: \.isDefault) && cases.allSatisfy(\.body.alwaysReturns)
        default: false
        }
    }
}
