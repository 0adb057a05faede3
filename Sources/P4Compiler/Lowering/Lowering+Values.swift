// SPDX-License-Identifier: Apache-2.0

import BigInt
import SwitchIR

extension Lowering {
    /// Computes a value of any type into its place.
    func evaluate(_ expression: TypedExpression, into target: Storage) {
        switch target {
        case .slots(let slot): evaluate(expression, into: slot)
        case .field, .varbit:
            withTemporaries {
                let width = width(of: expression.type)
                if case .varbit = target { return unsupported("an assignment to a varbit", at: expression.range) }
                store(slot(of: expression), width: width, in: target, at: expression.range)
            }
        case .header(let header): withTemporaries { evaluate(expression, intoHeader: header) }
        case .members(let members): withTemporaries { evaluate(expression, intoMembers: members, target) }
        case .stack: withTemporaries { evaluate(expression, intoStack: target) }
        case .known, .object, .packet: break
        }
    }

    private func evaluate(_ expression: TypedExpression, intoHeader header: HeaderReference) {
        switch expression.kind {
        case .list(let values):
            guard let record = expression.type.record else { return }
            setValid(header)
            for (index, value) in values.enumerated() {
                evaluate(value, into: place(ofField: index, in: record, of: header))
            }
        case .invalidHeader: setInvalid(header)
        default: evaluateWhole(expression, into: .header(header))
        }
    }

    private func evaluate(_ expression: TypedExpression, intoMembers members: [Storage], _ target: Storage) {
        switch expression.kind {
        case .list(let values):
            for (value, member) in zip(values, members) { evaluate(value, into: member) }
        case .invalidHeader: invalidate(target)
        default: evaluateWhole(expression, into: target)
        }
    }

    private func evaluate(_ expression: TypedExpression, intoStack target: Storage) {
        guard case .list(let values) = expression.kind, case .stack(let index) = target else {
            return evaluateWhole(expression, into: target)
        }
        for (position, value) in values.enumerated() {
            evaluate(value, into: .header(.fixed(stacks[index].first + position)))
        }
    }

    private func evaluateWhole(_ expression: TypedExpression, into target: Storage) {
        let folded = fold(expression)
        switch folded.kind {
        case .conditional(let condition, let first, let second):
            branched(on: condition, { self.evaluate(first, into: target) }) { self.evaluate(second, into: target) }
        case .call(let call): lower(call, result: target, type: folded.type)
        case .cast(let operand): evaluate(operand, into: target)
        default:
            guard let source = storage(of: folded) else {
                if !folded.isInvalid { unsupported("this value", at: folded.range) }
                return
            }
            copy(source, to: target, type: folded.type, at: folded.range)
        }
    }

    /// Copies a value of any type from one place to another.
    func copy(_ source: Storage, to target: Storage, type: P4Type, at range: SourceRange) {
        switch (source, target) {
        case (.members(let from), .members(let to)):
            for (index, member) in (type.members ?? []).enumerated() {
                copy(from[index], to: to[index], type: member, at: range)
            }
        case (.header(let from), .header(let to)): copyHeader(from, to: to)
        case (.stack(let from), .stack(let to)):
            for index in 0..<stacks[from].count {
                copyHeader(.fixed(stacks[from].first + index), to: .fixed(stacks[to].first + index))
            }
        case (.varbit, _), (_, .varbit): unsupported("an assignment of a varbit", at: range)
        case (_, .slots(let slot)): load(source, width: width(of: type), into: slot, at: range)
        case (.slots(let slot), _): store(slot, width: width(of: type), in: target, at: range)
        default:
            withTemporaries {
                let slot = frame.allocate(width: width(of: type))
                load(source, width: width(of: type), into: slot, at: range)
                store(slot, width: width(of: type), in: target, at: range)
            }
        }
    }

    /// Gives a place the value of a variable that nothing was assigned to: zeros, headers not valid.
    func clear(_ storage: Storage, type: P4Type) {
        switch storage {
        case .slots(let slot):
            let width = width(of: type)
            copy(constantSlot(0, width: width), to: slot, width: width)
        case .members(let members):
            for (member, inner) in zip(members, type.members ?? []) { clear(member, type: inner) }
        default: invalidate(storage)
        }
    }

    /// Makes all headers in a place invalid; scalars beside them stay.
    func invalidate(_ storage: Storage) {
        switch storage {
        case .header(let header): setInvalid(header)
        case .stack(let index):
            for position in 0..<stacks[index].count { setInvalid(.fixed(stacks[index].first + position)) }
        case .members(let members): for member in members { invalidate(member) }
        default: break
        }
    }

    // MARK: Validity

    func setValid(_ header: HeaderReference) {
        invalidatePeers(of: header)
        switch header {
        case .fixed(let index): code.emit(.setValid, a: index)
        case .slot(let slot): code.emit(.setValidAt, a: slot)
        }
    }

    func setInvalid(_ header: HeaderReference) {
        switch header {
        case .fixed(let index): code.emit(.setInvalid, a: index)
        case .slot(let slot): code.emit(.setInvalidAt, a: slot)
        }
    }

    /// At most one member of a union is valid.
    func invalidatePeers(of header: HeaderReference) {
        guard case .fixed(let index) = header else { return }
        for peer in unionPeers[index] ?? [] { code.emit(.setInvalid, a: peer) }
    }

    private func copyHeader(_ source: HeaderReference, to target: HeaderReference) {
        guard source != target else { return }
        guard case (.fixed(let from), .fixed(let to)) = (source, target) else {
            code.emit(.copyHeaderAt, a: slot(of: target), b: slot(of: source))
            return
        }
        code.emit(.copyHeader, a: to, b: from)
        guard unionPeers[to] != nil else { return }
        withTemporaries {
            let (valid, end) = (frame.allocate(width: 1), code.makeLabel())
            code.emit(.isValid, a: valid, b: from)
            code.branch(.branchIfZero, b: valid, to: end)
            invalidatePeers(of: target)
            code.place(end)
        }
    }

    /// Validity of a header, or of a union: whether one of its members is valid.
    func computeValidity(of base: TypedExpression, into destination: Slot) {
        switch storage(of: base) {
        case .header(.fixed(let index))?: code.emit(.isValid, a: destination, b: index)
        case .header(.slot(let slot))?: code.emit(.isValidAt, a: destination, b: slot)
        case .members(let members)?:
            copy(constantSlot(0), to: destination, width: 1)
            let one = frame.allocate(width: 1)
            for case .header(.fixed(let index)) in members {
                code.emit(.isValid, a: one, b: index)
                code.emit(.or, width: 1, a: destination, b: destination, c: one)
            }
        default: unsupported("isValid() of this", at: base.range)
        }
    }

    func lower(_ method: HeaderMethod, of base: TypedExpression, at range: SourceRange) {
        guard let place = storage(of: base) else { return unsupported("a method of this", at: range) }
        switch (method, place) {
        case (.setValid, .header(let header)): setValid(header)
        case (.setInvalid, .header(let header)): setInvalid(header)
        case (.pushFront(let count), .stack(let index)):
            code.emit(.pushFront, b: min(count, stacks[index].count), d: index)
        case (.popFront(let count), .stack(let index)):
            code.emit(.popFront, b: min(count, stacks[index].count), d: index)
        case (.isValid, _): break
        default: unsupported("this method", at: range)
        }
    }
}
