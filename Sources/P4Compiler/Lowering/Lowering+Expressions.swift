// SPDX-License-Identifier: Apache-2.0

import BigInt
import SwitchIR

extension Lowering {
    /// The expression with parameters of constructors put in and what becomes known by that computed.
    func fold(_ expression: TypedExpression) -> TypedExpression {
        if case .variable(let variable) = expression.kind, case .known(let value)? = storages[variable] { return value }
        guard hasKnown else { return expression }
        let value: Constant?
        switch expression.kind {
        case .unary(let operation, let operand):
            value = fold(operand).constant.flatMap { ConstantFolding.unary(operation, $0, type: expression.type) }
        case .binary(let operation, let left, let right):
            guard let first = fold(left).constant, let second = fold(right).constant else { return expression }
            value = ConstantFolding.binary(operation, first, second, operands: left.type, type: expression.type)
        case .cast(let operand):
            value = fold(operand).constant.flatMap { ConstantFolding.cast($0, to: expression.type) }
        case .slice(let base, let high, let low):
            guard let number = fold(base).constant?.number else { return expression }
            value = .integer(ConstantFolding.slice(number, of: width(of: base.type), high: high, low: low))
        case .conditional(let condition, let first, let second):
            guard let truth = fold(condition).constant else { return expression }
            return fold(truth.isTrue ? first : second)
        default: return expression
        }
        return value.map { TypedExpression(.constant($0), expression.type, at: expression.range) } ?? expression
    }

    /// The first slot of a scalar's value: where it lies already if that is in slots, else a new temporary.
    func slot(of expression: TypedExpression) -> Slot {
        let folded = fold(expression)
        if let number = folded.constant?.number {
            return constantSlot(number, width: width(of: folded.type))
        }
        if case .slots(let slot)? = storage(of: folded) { return slot }
        if case .cast(let operand) = folded.kind, keepsBits(operand, as: folded.type) { return slot(of: operand) }
        let temporary = frame.allocate(width: width(of: folded.type))
        evaluate(folded, into: temporary)
        return temporary
    }

    /// Like `slot(of:)`, for an operand that is used only after `others` were computed: if they can change a
    /// variable, its value is kept now.
    func slot(of expression: TypedExpression, before others: TypedExpression) -> Slot {
        let slot = slot(of: expression)
        guard others.hasEffects, !FramePlan.isConstant(slot), !expression.variables.isEmpty else { return slot }
        let kept = frame.allocate(width: width(of: expression.type))
        copy(slot, to: kept, width: width(of: expression.type))
        return kept
    }

    /// Whether a cast changes no bit of a value in slots.
    private func keepsBits(_ operand: TypedExpression, as type: P4Type) -> Bool {
        guard let from = operand.type.width, let to = type.width else { return false }
        if from == to { return true }
        return to > from && !operand.type.isSigned && (from + 63) / 64 == (to + 63) / 64
    }

    /// Computes a scalar into a slot. Only the last operation writes the slot, unless `writesEarly` says otherwise.
    func evaluate(_ expression: TypedExpression, into destination: Slot) {
        let folded = fold(expression)
        let width = width(of: folded.type)
        if let number = folded.constant?.number {
            copy(constantSlot(number, width: width), to: destination, width: width)
            return
        }
        withTemporaries {
            if let storage = storage(of: folded) {
                load(storage, width: width, into: destination, at: folded.range)
                return
            }
            compute(folded, width: width, into: destination)
        }
    }

    private func compute(_ expression: TypedExpression, width: Int, into destination: Slot) {
        switch expression.kind {
        case .member(let base, let index): computeMember(index, of: base, expression, into: destination)
        case .stackLastIndex(let base):
            guard case .stack(let stack)? = storage(of: base) else { break }
            code.emit(.stackLastIndex, a: destination, d: stack)
            return
        case .slice(let base, let high, let low): computeSlice(base, high: high, low: low, into: destination)
        case .unary(let operation, let operand): compute(operation, operand, expression, into: destination)
        case .binary(let operation, let left, let right):
            compute(operation, left, right, expression, into: destination)
        case .conditional(let condition, let first, let second):
            branched(on: condition, { self.evaluate(first, into: destination) }) {
                self.evaluate(second, into: destination)
            }
        case .cast(let operand): computeCast(operand, to: expression.type, into: destination)
        case .call(let call): compute(call, expression, into: destination)
        case .tableHit(let call, let isMiss): computeHit(call, isMiss: isMiss, into: destination)
        case .invalid: break
        default: unsupported("this expression", at: expression.range)
        }
    }

    private func compute(_ call: TypedCall, _ expression: TypedExpression, into destination: Slot) {
        if case .header(.isValid, let base) = call.callee {
            computeValidity(of: base, into: destination)
        } else {
            lower(call, result: .slots(destination), type: expression.type)
        }
    }

    /// A member of something that is computed: of a lookahead only that member is read.
    private func computeMember(
        _ index: Int, of base: TypedExpression, _ expression: TypedExpression, into destination: Slot
    ) {
        if lowerLookahead(field: index, of: base, width: width(of: expression.type), into: destination) { return }
        let temporary = makeTemporary(for: base.type)
        evaluate(base, into: temporary)
        guard case .members(let members) = temporary else {
            if case .header(let header) = temporary, let record = base.type.record {
                let place = place(ofField: index, in: record, of: header)
                load(place, width: width(of: expression.type), into: destination, at: expression.range)
            }
            return
        }
        load(members[index], width: width(of: expression.type), into: destination, at: expression.range)
    }

    private func computeSlice(_ base: TypedExpression, high: Int, low: Int, into destination: Slot) {
        let (source, total, part) = (slot(of: base), width(of: base.type), high - low + 1)
        guard total > 64 else {
            if low == 0 {
                code.emit(.copy, width: part, a: destination, b: source)
            } else {
                code.emit(.slice, width: part, a: destination, b: source, d: low)
            }
            return
        }
        // A part that lies in one word is a part of that slot.
        if low / 64 == high / 64 {
            code.emit(.slice, width: part, a: destination, b: source + low / 64, d: low % 64)
        } else {
            code.emit(.sliceWide, width: part, a: destination, b: source, c: total, d: low)
        }
    }

    private func computeCast(_ operand: TypedExpression, to type: P4Type, into destination: Slot) {
        let (from, to) = (width(of: operand.type), width(of: type))
        if to <= 64 {
            if to > from, operand.type.isSigned {
                code.emit(.signExtend, width: to, a: destination, b: slot(of: operand), d: from)
            } else if to >= from {
                evaluate(operand, into: destination)
            } else {
                code.emit(.copy, width: to, a: destination, b: slot(of: operand))
            }
            return
        }
        if operand.type.isSigned, to > from {
            return unsupported("a cast of \(operand.type) to \(type)", at: operand.range)
        }
        if to < from {
            code.emit(.sliceWide, width: to, a: destination, b: slot(of: operand), c: from)
            return
        }
        evaluate(operand, into: destination)
        let words = (from + 63) / 64
        for word in words..<(to + 63) / 64 { copy(constantSlot(0), to: destination + word, width: 64) }
    }

    /// Two ways to go, each with its own code.
    func branched(on condition: TypedExpression, _ first: () -> Void, _ second: () -> Void) {
        if let truth = fold(condition).constant { return truth.isTrue ? first() : second() }
        let (otherwise, end) = (code.makeLabel(), code.makeLabel())
        branch(on: condition, when: false, to: otherwise)
        first()
        code.jump(to: end)
        code.place(otherwise)
        second()
        code.place(end)
    }

    /// Whether computing an expression may write its destination before its operands are all read.
    func writesEarly(_ expression: TypedExpression) -> Bool {
        switch expression.kind {
        case .conditional, .list, .call, .binary(.and, _, _), .binary(.or, _, _), .binary(.concatenate, _, _): true
        case .cast(let operand): width(of: expression.type) > 64 || writesEarly(operand)
        case .binary(.equal, let left, _), .binary(.notEqual, let left, _):
            width(of: left.type) > 64 || left.type.width == nil
        case .binary(.lessOrEqual, let left, _), .binary(.greaterOrEqual, let left, _): width(of: left.type) > 64
        case .binary(.shiftLeft, let left, _), .binary(.shiftRight, let left, _): width(of: left.type) > 64
        case .slice(let base, _, _): width(of: base.type) > 64
        default: false
        }
    }
}
