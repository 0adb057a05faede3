// SPDX-License-Identifier: Apache-2.0

import BigInt
import SwitchIR

extension Lowering {
    /// Goes to `label` if a Boolean has the value `outcome`, else on. Comparisons and the branch are one instruction
    /// where there is one; `&&` and `||` produce no value.
    func branch(on condition: TypedExpression, when outcome: Bool, to label: Label) {
        let folded = fold(condition)
        if let truth = folded.constant {
            if truth.isTrue == outcome { code.jump(to: label) }
            return
        }
        switch folded.kind {
        case .unary(.not, let operand): branch(on: operand, when: !outcome, to: label)
        case .call(let call) where branch(onFunction: call, when: outcome, to: label): break
        case .binary(.and, let left, let right): branch(both: left, right, when: outcome, to: label)
        case .binary(.or, let left, let right):
            // not (a or b) is (not a) and (not b)
            branch(either: left, right, when: outcome, to: label)
        case .binary(.equal, let left, let right) where isNarrow(left):
            branch(equal: left, right, when: outcome, to: label)
        case .binary(.notEqual, let left, let right) where isNarrow(left):
            branch(equal: left, right, when: !outcome, to: label)
        default:
            withTemporaries {
                let value = slot(of: folded)
                code.branch(outcome ? .branchIfNotZero : .branchIfZero, b: value, to: label)
            }
        }
    }

    /// A function that only returns an expression is a condition like that expression.
    private func branch(onFunction call: TypedCall, when outcome: Bool, to label: Label) -> Bool {
        guard case .function(let function) = call.callee, function.body.statements.count == 1,
            case .return(let value?) = function.body.statements[0].kind,
            function.signature.parameters.allSatisfy({ $0.direction == .in || $0.direction == .none })
        else { return false }
        let range = code.range
        expand(function.signature.parameters, call.arguments, sees: [], result: nil, type: .bool) {
            code.range = value.range
            branch(on: value, when: outcome, to: label)
        }
        code.range = range
        return true
    }

    private func isNarrow(_ expression: TypedExpression) -> Bool {
        expression.type.width.map { $0 <= 64 } ?? false
    }

    private func branch(both left: TypedExpression, _ right: TypedExpression, when outcome: Bool, to label: Label) {
        guard outcome else {
            branch(on: left, when: false, to: label)
            branch(on: right, when: false, to: label)
            return
        }
        let end = code.makeLabel()
        branch(on: left, when: false, to: end)
        branch(on: right, when: true, to: label)
        code.place(end)
    }

    private func branch(either left: TypedExpression, _ right: TypedExpression, when outcome: Bool, to label: Label) {
        guard !outcome else {
            branch(on: left, when: true, to: label)
            branch(on: right, when: true, to: label)
            return
        }
        let end = code.makeLabel()
        branch(on: left, when: true, to: end)
        branch(on: right, when: false, to: label)
        code.place(end)
    }

    private func branch(equal left: TypedExpression, _ right: TypedExpression, when outcome: Bool, to label: Label) {
        withTemporaries {
            if let (value, isZero) = zeroTest(left, right) {
                code.branch(outcome == isZero ? .branchIfZero : .branchIfNotZero, b: slot(of: value), to: label)
                return
            }
            if !outcome, let (value, mask) = masked(left), fold(right).constant != nil {
                let (first, second) = (slot(of: value), slot(of: mask))
                code.branch(.branchIfMaskedNotEqual, a: second, b: first, c: slot(of: right), to: label)
                return
            }
            let width = width(of: left.type)
            let (first, second) = (slot(of: left, before: right), slot(of: right))
            code.branch(outcome ? .branchIfEqual : .branchIfNotEqual, width: width, b: first, c: second, to: label)
        }
    }

    /// The operand that is compared with a constant, if equality means that it is 0 (`isZero`) or that it is not: the
    /// constant is 0, or the 1 of a single bit.
    private func zeroTest(
        _ left: TypedExpression, _ right: TypedExpression
    ) -> (value: TypedExpression, isZero: Bool)? {
        if let isZero = testsZero(right) { return (left, isZero) }
        if let isZero = testsZero(left) { return (right, isZero) }
        return nil
    }

    /// Whether equality with `expression`, a constant, means 0, or anything but 0; nil if it means neither.
    func testsZero(_ expression: TypedExpression) -> Bool? {
        switch fold(expression).constant?.number {
        case 0: true
        case .some where width(of: expression.type) == 1: false
        default: nil
        }
    }

    /// The operands of `value & mask` with a constant mask.
    private func masked(_ expression: TypedExpression) -> (TypedExpression, TypedExpression)? {
        guard case .binary(.bitAnd, let left, let right) = expression.kind else { return nil }
        if fold(right).constant != nil { return (left, right) }
        if fold(left).constant != nil { return (right, left) }
        return nil
    }
}
