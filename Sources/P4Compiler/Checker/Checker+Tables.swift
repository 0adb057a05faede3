// SPDX-License-Identifier: Apache-2.0

internal import TextLayout

extension Checker {
    func declare(table: TableDeclaration, _ declaration: Declaration, of control: BlockSymbol) {
        let symbol = TableSymbol(
            name: declaration.name.text, range: declaration.name.range, annotations: declaration.annotations)
        var seen: [String: SourceRange] = [:]
        for property in table.properties {
            if let earlier = seen[property.name.text] {
                error(
                    "property '\(property.name)' is given twice", at: property.name.range,
                    notes: [Diagnostic.Note("the first one is here", at: earlier)])
                continue
            }
            seen[property.name.text] = property.name.range
        }
        if let keys = table.keys { for key in keys { check(key, of: symbol) } }
        if let actions = table.actions {
            for action in actions { check(action, of: symbol) }
        } else {
            error("table '\(symbol.name)' has no actions", at: symbol.range)
        }
        // All other properties may name the actions, before them or after.
        for property in table.properties { check(property, of: symbol) }
        if symbol.defaultAction == nil { setNoAction(symbol) }
        control.tables.append(symbol)
        declare(declaration.name, .table(symbol))
    }

    private func check(_ key: TableKey, of table: TableSymbol) {
        let typed = inPlace(.control) { check(key.expression) }
        if !matchKinds.contains(key.matchKind.text) {
            let hint = NearName.didYouMean(key.matchKind.text, among: matchKinds)
            error("unknown match kind '\(key.matchKind)'" + hint, at: key.matchKind.name.range)
        }
        guard !typed.isInvalid else { return }
        guard typed.type.width != nil else {
            error("a key is a value with a width, found \(typed.type)", at: key.expression.range)
            return
        }
        let name = key.annotations.controlPlaneName ?? keyName(key.expression)
        table.keys.append(
            TableSymbol.Key(
                expression: typed, matchKind: key.matchKind.text, name: name, range: key.expression.range))
    }

    /// The key as the program writes it: `hdr.ipv4.dst_addr`.
    private func keyName(_ expression: Expression) -> String {
        switch expression.kind {
        case .name(let path): path.text
        case .member(let base, let name): "\(keyName(base)).\(name)"
        case .parenthesized(let inner): keyName(inner)
        case .call(let call) where call.arguments.isEmpty: "\(keyName(call.callee))()"
        default:
            diagnostics.sources.text(of: expression.range).split(whereSeparator: \.isWhitespace)
                .joined(separator: " ")
        }
    }

    private func check(_ action: TableAction, of table: TableSymbol) {
        guard let (symbol, arguments) = reference(action.reference) else { return }
        let directed = symbol.parameters.filter { $0.direction != .none }
        let given = arguments ?? []
        guard given.count == directed.count else {
            error(
                "action '\(symbol.name)' needs \(counted(directed.count, "argument")) here, for its parameters with "
                    + "a direction, found \(given.count)", at: action.reference.range)
            return
        }
        let bound = inPlace(.control) {
            zip(given, directed).map { pass(check($0.value, expecting: $1.type), to: $1, as: $1.type) }
        }
        guard !bound.contains(where: \.isInvalid) else { return }
        if table.actions.contains(where: { $0.action == symbol }) {
            error("action '\(symbol.name)' is listed twice", at: action.reference.range)
            return
        }
        table.actions.append(
            TableActionSymbol(
                action: symbol, boundArguments: bound, annotations: action.annotations, range: action.reference.range))
    }

    /// The action that `a` or `a(…)` names, and the arguments of the latter.
    private func reference(_ expression: Expression) -> (ActionSymbol, [Argument]?)? {
        var arguments: [Argument]?
        var callee = expression.unparenthesized
        if case .call(let call) = callee.kind { (callee, arguments) = (call.callee.unparenthesized, call.arguments) }
        guard case .name(let path) = callee.kind else {
            error("the name of an action is expected here", at: expression.range)
            return nil
        }
        guard let binding = lookUp(path, expected: "action") else { return nil }
        guard case .action(let symbol) = binding else {
            error("'\(path)' is \(binding.kind), not an action", at: expression.range)
            return nil
        }
        return (symbol, arguments)
    }

    /// An action of the table with the arguments for its parameters without direction, as `default_action` and
    /// entries name it; those bound in `actions` may be repeated.
    func actionCall(_ expression: Expression, of table: TableSymbol)
        -> (action: TableActionSymbol, arguments: [TypedExpression])?
    {
        guard let (symbol, given) = reference(expression) else { return nil }
        guard let action = table.actions.first(where: { $0.action == symbol }) else {
            let hint = NearName.didYouMean(symbol.name, among: table.actions.map(\.name))
            error("'\(symbol.name)' is not among the actions of table '\(table.name)'" + hint, at: expression.range)
            return nil
        }
        var arguments = given ?? []
        if !action.boundArguments.isEmpty, arguments.count == symbol.parameters.count {
            arguments.removeFirst(action.boundArguments.count)
        }
        guard let ordered = order(arguments, for: action.entryParameters, at: expression.range) else { return nil }
        var values: [TypedExpression] = []
        for (parameter, argument) in zip(action.entryParameters, ordered) {
            guard let value = argument.map({ check($0.value, as: parameter.type) }) ?? parameter.defaultValue else {
                return nil
            }
            if !value.isInvalid, !value.isCompileTimeKnown {
                error("the argument of '\(parameter.name)' must be known at compile time", at: value.range)
            }
            values.append(value)
        }
        return values.contains(where: \.isInvalid) ? nil : (action, values)
    }

    private func check(_ property: TableProperty, of table: TableSymbol) {
        switch property.kind {
        case .keys, .actions: break
        case .entries(let entries):
            table.areEntriesConstant = property.isConstant
            if table.keys.isEmpty { error("a table without keys has no entries", at: property.name.range) }
            table.entries = entries.compactMap { check($0, of: table) }
        case .value(let value): check(property.name, value, isConstant: property.isConstant, of: table)
        }
    }

    private func check(_ name: Name, _ value: Expression, isConstant: Bool, of table: TableSymbol) {
        switch name.text {
        case "default_action":
            if let call = actionCall(value, of: table) { table.defaultAction = call }
            table.isDefaultConstant = isConstant
        case "size":
            guard let size = constantInteger(value, of: "the size of a table") else { return }
            if size < 0 { error("the size of a table can't be negative", at: value.range) }
            table.size = size
        case "counters": table.directCounter = directObject(value, of: "direct_counter")
        case "meters": table.directMeter = directObject(value, of: "direct_meter")
        case "largest_priority_wins":
            table.largestPriorityWins = check(value, as: .bool).constant?.isTrue ?? true
        case "support_timeout", "priority_delta": _ = check(value)
        case "implementation":
            error("not supported yet: the table property 'implementation'", at: name.range)
        default:
            let known = ["key", "actions", "default_action", "entries", "size", "counters", "meters"]
            warning(
                "unknown table property '\(name)' is ignored" + NearName.didYouMean(name.text, among: known),
                at: name.range)
            return
        }
    }

    private func directObject(_ value: Expression, of kind: String) -> InstanceSymbol? {
        let typed = check(value)
        if typed.isInvalid { return nil }
        if case .extern(let symbol, _) = typed.type, symbol.name == kind {
            switch typed.kind {
            case .instance(let instance), .construction(let instance): return instance
            default: break
            }
        }
        error("a \(kind) is expected here, found \(typed.type)", at: value.range)
        return nil
    }

    private func setNoAction(_ table: TableSymbol) {
        guard case .action(let symbol)? = scope.root.lookUp("NoAction") else { return }
        if let listed = table.actions.first(where: { $0.action == symbol }) {
            table.defaultAction = (listed, [])
        } else {
            let hidden = TableActionSymbol(action: symbol, boundArguments: [], annotations: [], range: table.range)
            table.defaultAction = (hidden, [])
        }
    }

    private func check(_ entry: TableEntry, of table: TableSymbol) -> TableSymbol.Entry? {
        let types = table.keys.map(\.expression.type)
        let keys = keysets(entry.keys, for: types, at: entry.keysRange, of: "table '\(table.name)'")
        let call = actionCall(entry.action, of: table)
        var priority = entry.priority
        if priority == nil { priority = entry.annotations["priority"]?.expressions.first }
        let number = priority.flatMap { constantInteger($0, of: "a priority") }
        guard let keys, let call else { return nil }
        return TableSymbol.Entry(
            keys: keys, action: call.action, arguments: call.arguments, priority: number, range: entry.range)
    }
}
