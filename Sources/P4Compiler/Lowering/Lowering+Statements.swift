// SPDX-License-Identifier: Apache-2.0

import BigInt
import SwitchIR

extension Lowering {
    /// A block: its variables give their slots back at the end.
    func lower(_ block: TypedBlock) {
        withTemporaries { lower(block.statements[...]) }
    }

    func lower(_ statements: ArraySlice<TypedStatement>) {
        for (index, statement) in zip(statements.indices, statements) {
            code.range = statement.range
            if case .declaration(let variable, let value) = statement.kind {
                declare(variable, value, before: statements[(index + 1)...])
            } else {
                withTemporaries { lower(statement) }
            }
        }
    }

    private func lower(_ statement: TypedStatement) {
        switch statement.kind {
        case .block(let block): lower(block)
        case .assignment(let target, let value): assign(value, to: target)
        case .call(let call): lower(call, result: nil, type: .void)
        case .declaration: break
        case .conditional(let condition, let first, let second):
            lowerConditional(condition, first, second)
        case .switchOnAction(let call, let cases): lowerSwitch(call, cases)
        case .switchOnValue(let subject, let cases): lowerSwitch(subject, cases)
        case .loop(let loop): lower(loop)
        case .break: if let place = loops.last { code.jump(to: place.onBreak) }
        case .continue: if let place = loops.last { code.jump(to: place.onContinue) }
        case .exit: lowerExit()
        case .return(let value):
            guard let place = returns.last else { return }
            if let value, let result = place.result { evaluate(value, into: result) }
            code.jump(to: place.label)
        }
    }

    private func lowerConditional(_ condition: TypedExpression, _ first: TypedBlock, _ second: TypedBlock?) {
        if let truth = fold(condition).constant {
            if truth.isTrue { lower(first) } else if let second { lower(second) }
            return
        }
        let otherwise = code.makeLabel()
        branch(on: condition, when: false, to: otherwise)
        lower(first)
        guard let second else { return code.place(otherwise) }
        let end = code.makeLabel()
        code.jump(to: end)
        code.place(otherwise)
        lower(second)
        code.place(end)
    }

    /// `exit` hands back what `out` and `inout` parameters got so far, then ends the control.
    private func lowerExit() {
        for copies in pendingCopies.reversed() { for copy in copies { perform(copy) } }
        code.emit(.end)
    }

    // MARK: Variables

    private func declare(
        _ variable: Variable, _ value: TypedExpression?, before rest: ArraySlice<TypedStatement>
    ) {
        let storage = makeTemporary(for: variable.type, named: variable.name)
        storages[variable] = storage
        initialize(variable, storage, value, before: rest)
    }

    func initialize(
        _ variable: Variable, _ storage: Storage, _ value: TypedExpression?, before rest: ArraySlice<TypedStatement>
    ) {
        if let value {
            evaluate(value, into: storage)
        } else if !isAssigned(variable, firstIn: rest) {
            clear(storage, type: variable.type)
        }
    }

    /// Whether the first statement that mentions a variable assigns all of it, so that it needs no initial value.
    private func isAssigned(_ variable: Variable, firstIn statements: ArraySlice<TypedStatement>) -> Bool {
        guard let first = statements.first(where: { $0.mentions(variable) }) else { return true }
        func isWhole(_ expression: TypedExpression?) -> Bool {
            if case .variable(variable)? = expression?.kind { true } else { false }
        }
        switch first.kind {
        case .assignment(let target, let value): return isWhole(target) && !value.variables.contains(variable)
        case .call(let call):
            guard case .externMethod(let receiver, let method) = call.callee, method.name == "read",
                case .register(let index, _)? = object(of: receiver), call.arguments.count == 2,
                let position = call.arguments[1]
            else { return false }
            // A read outside the register leaves its target alone.
            return isWhole(call.arguments[0]) && greatest(position) < BigInt(registers[index].count)
        default: return false
        }
    }

    /// A bound on the value of an unsigned expression.
    private func greatest(_ expression: TypedExpression) -> BigInt {
        if let number = fold(expression).constant?.number { return number }
        let byWidth = (BigInt(1) << width(of: expression.type)) - 1
        if case .cast(let operand) = expression.kind, !operand.type.isSigned { return min(byWidth, greatest(operand)) }
        return byWidth
    }

    // MARK: Assignment

    private func assign(_ value: TypedExpression, to target: TypedExpression) {
        if let part = slicedSlots(target) {
            insert(slot(of: value), into: part)
            return
        }
        guard let place = storage(of: target) else { return unsupported("an assignment to this", at: target.range) }
        let overlaps = target.root.map { value.variables.contains($0) } ?? true
        guard overlaps, writesEarly(value), needsDetour(place) else { return evaluate(value, into: place) }
        let temporary = makeTemporary(for: target.type)
        evaluate(value, into: temporary)
        copy(temporary, to: place, type: target.type, at: target.range)
    }

    /// A scalar in a header is written by one last instruction anyway.
    private func needsDetour(_ place: Storage) -> Bool {
        if case .field = place { false } else { true }
    }

    /// Part of a scalar in slots.
    struct SlotPart {
        let slot: Slot
        let total: Int
        let low: Int
        let width: Int
    }

    func slicedSlots(_ expression: TypedExpression) -> SlotPart? {
        guard case .slice(let base, let high, let low) = expression.kind else { return nil }
        if let outer = slicedSlots(base) {
            return SlotPart(slot: outer.slot, total: outer.total, low: outer.low + low, width: high - low + 1)
        }
        guard case .slots(let slot)? = storage(of: base) else { return nil }
        return SlotPart(slot: slot, total: width(of: base.type), low: low, width: high - low + 1)
    }

    func insert(_ source: Slot, into part: SlotPart) {
        if part.low / 64 == (part.low + part.width - 1) / 64 {
            code.emit(.insert, width: part.width, a: part.slot + part.low / 64, b: source, d: part.low % 64)
        } else {
            code.emit(.insertWide, width: part.width, a: part.slot, b: source, c: part.total, d: part.low)
        }
    }

    // MARK: Loops and switches

    private func lower(_ loop: TypedLoop) {
        let (start, next, end) = (code.makeLabel(), code.makeLabel(), code.makeLabel())
        let mark = frame.mark
        lower(loop.initial[...])
        code.place(start)
        branch(on: loop.condition, when: false, to: end)
        loops.append(LoopPlace(onBreak: end, onContinue: next))
        lower(loop.body)
        loops.removeLast()
        code.place(next)
        lower(loop.updates[...])
        code.jump(to: start)
        code.place(end)
        frame.release(to: mark)
    }

    private func lowerSwitch(_ subject: TypedExpression, _ cases: [TypedStatement.ValueCase]) {
        let value = slot(of: subject)
        let width = width(of: subject.type)
        lowerCases(cases.map { (labels: $0.values, isDefault: $0.isDefault, body: $0.body) }) { label, equal, target in
            guard width <= 64 else { return self.unsupported("a switch on \(subject.type)", at: subject.range) }
            self.code.branch(
                equal ? .branchIfEqual : .branchIfNotEqual, width: width, b: value, c: self.slot(of: label), to: target)
        }
    }

    /// Bodies in order, each after the tests of its labels; that of `default` comes last.
    func lowerCases<Label>(
        _ cases: [(labels: [Label], isDefault: Bool, body: TypedBlock)],
        test: (_ label: Label, _ equal: Bool, _ target: P4Compiler.Label) -> Void
    ) {
        let end = code.makeLabel()
        for item in cases where !item.isDefault && !item.labels.isEmpty {
            let (body, next) = (code.makeLabel(), code.makeLabel())
            for label in item.labels.dropLast() { test(label, true, body) }
            test(item.labels[item.labels.count - 1], false, next)
            code.place(body)
            lower(item.body)
            code.jump(to: end)
            code.place(next)
        }
        if let last = cases.first(where: \.isDefault) { lower(last.body) }
        code.place(end)
    }
}
