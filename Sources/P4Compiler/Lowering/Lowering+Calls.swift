// SPDX-License-Identifier: Apache-2.0

import SwitchIR

extension Lowering {
    /// A call of anything; the result, if it has one, goes to `result`.
    func lower(_ call: TypedCall, result: Storage?, type: P4Type) {
        switch call.callee {
        case .function(let function):
            expand(
                function.signature.parameters, call.arguments, sees: [], result: result, type: function.signature.result
            ) { self.lower(function.body) }
        case .action(let action):
            expand(action.parameters, call.arguments, sees: action.mentionedVariables, result: nil, type: .void) {
                self.lower(action.body)
            }
        case .block(let symbol): apply(symbol, call)
        case .table(let table):
            withTemporaries { apply(table, hit: frame.allocate(width: 1), action: frame.allocate(width: 32)) }
        case .header(let method, let base): lower(method, of: base, at: call.range)
        case .externFunction(let function): lower(function, call, result: result)
        case .externMethod(let receiver, let method):
            lower(method, of: receiver, call, result: result, type: type)
        }
    }

    /// Puts the code of a callee in the place of the call. An argument whose place nothing else in the call can
    /// touch is used where it is; others are copied in and out, as the language has it (§6.8).
    func expand(
        _ parameters: [Variable], _ arguments: [TypedExpression?], sees mentioned: Set<Variable>, result: Storage?,
        type: P4Type, fixed: [Variable: Storage] = [:], in instance: BlockInstance? = nil, _ body: () -> Void
    ) {
        guard mayExpand() else { return }
        let saved = (storages, self.instance, loops)
        withTemporaries {
            var bindings: [Variable: Storage] = [:]
            var copies: [CopyBack] = []
            for (index, parameter) in parameters.enumerated() {
                guard let argument = arguments[index] else { continue }
                let others = arguments.enumerated().filter { $0.offset != index }
                    .map { (expression: $0.element, direction: parameters[$0.offset].direction) }
                // A later argument that is a call may change what an earlier one names.
                let isChanged = arguments[(index + 1)...].contains { $0?.hasEffects ?? false }
                let isShared = isChanged || isShared(argument, parameter, with: others, mentioned)
                let binding = bind(parameter, argument, isShared: isShared, fixed: fixed[parameter])
                bindings[parameter] = binding.storage
                if let copy = binding.copy { copies.append(copy) }
            }
            if let instance { (storages, self.instance) = (instance.known, instance) }
            storages.merge(bindings) { $1 }
            loops = []
            let end = code.makeLabel()
            returns.append(ReturnPlace(label: end, result: result, type: type))
            pendingCopies.append(copies)
            body()
            pendingCopies.removeLast()
            returns.removeLast()
            code.place(end)
            (storages, self.instance, loops) = saved
            for copy in copies { perform(copy) }
        }
    }

    /// Counts a call that is to be expanded; false, and reported, if the program has too many.
    private func mayExpand() -> Bool {
        if isTooLarge { return false }
        expandedCalls += 1
        if expandedCalls > CompilerLimits.expandedCalls {
            reportTooLarge(CompilerLimits.expandedCalls, "calls, expanded where they stand", at: code.range)
        } else if returns.count >= CompilerLimits.callDepth {
            reportTooLarge(CompilerLimits.callDepth, "calls inside each other", at: code.range)
        } else if code.count >= CompilerLimits.instructions {
            reportTooLarge(CompilerLimits.instructions, "instructions", at: code.range)
        }
        return !isTooLarge
    }

    /// Whether the place of an argument may be reached by another way during the call, so that it must be copied.
    private func isShared(
        _ argument: TypedExpression, _ parameter: Variable,
        with others: [(expression: TypedExpression?, direction: Parameter.Direction)], _ mentioned: Set<Variable>
    ) -> Bool {
        guard let root = argument.root else { return false }
        if mentioned.contains(root) { return true }
        func writes(_ direction: Parameter.Direction) -> Bool { direction == .out || direction == .inout }
        return others.contains { other in
            guard let expression = other.expression, writes(parameter.direction) || writes(other.direction) else {
                return false
            }
            return argument.overlaps(expression)
        }
    }

    func bind(_ parameter: Variable, _ argument: TypedExpression, isShared: Bool, fixed: Storage?)
        -> (storage: Storage, copy: CopyBack?)
    {
        guard parameter.type.isStorable || parameter.type.isOpen else {
            return (storage(of: argument) ?? .known(fold(argument)), nil)
        }
        switch parameter.direction {
        case .in, .none: return (bindInput(parameter, argument, isShared: isShared, fixed: fixed), nil)
        case .out, .inout: return bindOutput(parameter, argument, isShared: isShared, fixed: fixed)
        }
    }

    private func bindInput(_ parameter: Variable, _ argument: TypedExpression, isShared: Bool, fixed: Storage?)
        -> Storage
    {
        if fixed == nil, !isShared {
            let folded = fold(argument)
            if let number = folded.constant?.number, folded.type.width != nil {
                return .slots(constantSlot(number, width: width(of: folded.type)))
            }
            switch storage(of: folded) {
            case .slots(let slot)?: return .slots(slot)
            case .members(let members)?: return .members(members)
            case .header(let header)?: return .header(header)
            case .stack(let stack)?: return .stack(stack)
            default: break
            }
        }
        let target = fixed ?? makeTemporary(for: argument.type, named: parameter.name)
        evaluate(argument, into: target)
        return target
    }

    private func bindOutput(_ parameter: Variable, _ argument: TypedExpression, isShared: Bool, fixed: Storage?)
        -> (storage: Storage, copy: CopyBack?)
    {
        if case .ignored = argument.kind {
            let unused = fixed ?? makeTemporary(for: parameter.type, named: parameter.name)
            clear(unused, type: parameter.type)
            return (unused, nil)
        }
        let place = storage(of: argument)
        if let place, !isShared, fixed == nil {
            if parameter.direction == .out { invalidate(place) }
            return (place, nil)
        }
        let local = fixed ?? makeTemporary(for: argument.type, named: parameter.name)
        if parameter.direction == .inout { evaluate(argument, into: local) } else { clear(local, type: argument.type) }
        let part = slicedSlots(argument)
        return (local, CopyBack(from: local, to: place, part: part, type: argument.type, range: argument.range))
    }

    func perform(_ copyBack: CopyBack) {
        if let part = copyBack.part, case .slots(let slot) = copyBack.from {
            insert(slot, into: part)
        } else if let target = copyBack.to {
            copy(copyBack.from, to: target, type: copyBack.type, at: copyBack.range)
        } else {
            unsupported("this as an argument of an out parameter", at: copyBack.range)
        }
    }

    /// Applies a parser or control: its code comes here.
    private func apply(_ symbol: InstanceSymbol, _ call: TypedCall) {
        guard case .block(let inner)? = object(symbol) else { return }
        expand(
            inner.symbol.parameters, call.arguments, sees: [], result: nil, type: .void, fixed: inner.parameters ?? [:],
            in: inner
        ) {
            if inner.symbol.isParser {
                lowerParser(inner, accept: returns.last?.label)
            } else {
                lowerControl(inner)
            }
        }
    }

    /// The code of a control, parameters bound.
    func lowerControl(_ control: BlockInstance) {
        let saved = instance
        instance = control
        defer { instance = saved }
        declareVariables(of: control)
        setUpTables(of: control)
        let end = code.makeLabel()
        returns.append(ReturnPlace(label: end, result: nil, type: .void))
        lower(control.symbol.body)
        returns.removeLast()
        code.place(end)
    }

    /// Variables of a parser or control, in the same storage each time it is applied, because its actions use them.
    func declareVariables(of block: BlockInstance) {
        for statement in block.symbol.variables {
            guard case .declaration(let variable, let value) = statement.kind else { continue }
            code.range = statement.range
            let storage =
                block.variables[variable]
                ?? makeStorage(for: variable.type, named: variable.name) { self.frame.allocatePersistent(width: $0) }
            block.variables[variable] = storage
            storages[variable] = storage
            if let value { evaluate(value, into: storage) } else { clear(storage, type: variable.type) }
        }
    }
}

extension TypedExpression {
    /// Whether two lvalues may share a bit. Members of different names do not; elements of a stack are assumed to.
    func overlaps(_ other: TypedExpression) -> Bool {
        if let path, let otherPath = other.path {
            guard path.root == otherPath.root else { return false }
            for (step, otherStep) in zip(path.steps, otherPath.steps) where step != otherStep {
                return step == nil || otherStep == nil
            }
            return true
        }
        return !variables.isDisjoint(with: other.variables)
    }

    /// The way from a variable to a part of it: field numbers, nil for an element of a stack.
    private var path: (root: Variable, steps: [Int?])? {
        switch kind {
        case .variable(let variable): return (variable, [])
        case .member(let base, let index): return base.path.map { ($0.root, $0.steps + [index]) }
        case .element(let base, _), .stackNext(let base), .stackLast(let base):
            return base.path.map { ($0.root, $0.steps + [nil]) }
        case .slice(let base, _, _): return base.path
        default: return nil
        }
    }
}
