// SPDX-License-Identifier: Apache-2.0

import BigInt

extension Checker {
    func check(_ operation: UnaryOperator, _ operand: Expression, at range: SourceRange) -> TypedExpression {
        let typed = withoutEnum(check(operand))
        guard !typed.isInvalid else { return .invalid(at: range) }
        let isAllowed =
            switch (operation, typed.type) {
            case (.not, .bool), (.complement, .bits), (.complement, .signed): true
            case (.minus, let type), (.plus, let type): type.isNumeric
            default: false
            }
        guard isAllowed else {
            let wanted = operation == .not ? "bool" : operation == .complement ? "bit<W> or int<W>" : "a number"
            return refuse("'\(operation.rawValue)' takes \(wanted), found \(typed.type)", at: operand.range)
        }
        if let value = typed.constant.flatMap({ ConstantFolding.unary(operation, $0, type: typed.type) }) {
            return TypedExpression(.constant(value), typed.type, at: range)
        }
        if operation == .plus { return typed }
        return TypedExpression(.unary(operation, typed), typed.type, at: range)
    }

    func check(_ operation: BinaryOperator, _ left: Expression, _ right: Expression, at range: SourceRange)
        -> TypedExpression
    {
        if operation == .mask || operation == .range {
            return refuse(
                "'\(operation.rawValue)' makes a set of keys: it is allowed in a select or an entry only", at: range)
        }
        let first = check(left)
        let second = check(right, expecting: first.isInvalid ? nil : first.type)
        if first.isInvalid || second.isInvalid { return .invalid(at: range) }
        return combine(operation, first, second, at: range)
    }

    /// Types an operation on two typed operands.
    func combine(_ operation: BinaryOperator, _ left: TypedExpression, _ right: TypedExpression, at range: SourceRange)
        -> TypedExpression
    {
        switch operation {
        case .and, .or:
            let (first, second) = (convert(left, to: .bool), convert(right, to: .bool))
            if first.isInvalid || second.isInvalid { return .invalid(at: range) }
            return fold(operation, first, second, .bool, at: range)
        case .equal, .notEqual: return equality(operation, left, right, at: range)
        case .shiftLeft, .shiftRight: return shift(operation, withoutEnum(left), withoutEnum(right), at: range)
        case .concatenate: return concatenation(withoutEnum(left), withoutEnum(right), at: range)
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            guard let (first, second) = numericOperands(operation, left, right, at: range) else {
                return .invalid(at: range)
            }
            return fold(operation, first, second, .bool, at: range)
        default:
            guard let (first, second) = numericOperands(operation, left, right, at: range) else {
                return .invalid(at: range)
            }
            return fold(operation, first, second, first.type, at: range)
        }
    }

    /// Operands of arithmetic and order: of one type `bit<W>`, `int<W>` or `int`; nil after an error.
    private func numericOperands(
        _ operation: BinaryOperator, _ left: TypedExpression, _ right: TypedExpression, at range: SourceRange
    ) -> (TypedExpression, TypedExpression)? {
        let (first, second) = unified(withoutEnum(left), withoutEnum(right))
        if first.isInvalid || second.isInvalid { return nil }
        guard first.type == second.type, first.type.isNumeric else {
            for operand in [left, right] where !withoutEnum(operand).type.isNumeric {
                error("'\(operation.rawValue)' takes bit<W>, int<W> or int, found \(operand.type)", at: operand.range)
                return nil
            }
            error(
                "'\(operation.rawValue)' takes operands of one type, found \(left.type) and \(right.type)"
                    + castAdvice(left.type, right.type), at: range)
            return nil
        }
        let isSaturating = operation == .saturatingAdd || operation == .saturatingSubtract
        if isSaturating, first.type == .integer {
            error("'\(operation.rawValue)' needs operands with a width: int has no largest value", at: range)
            return nil
        }
        if operation == .divide || operation == .modulo, case .signed = first.type {
            error("'\(operation.rawValue)' is not defined on int<W>", at: range)
            return nil
        }
        return (first, second)
    }

    private func castAdvice(_ left: P4Type, _ right: P4Type) -> String {
        switch (left, right) {
        case (.bits(let first), .bits(let second)), (.signed(let first), .signed(let second)):
            first < second ? "; cast the left one to \(right)" : "; cast the right one to \(left)"
        default: ""
        }
    }

    private func equality(
        _ operation: BinaryOperator, _ left: TypedExpression, _ right: TypedExpression, at range: SourceRange
    ) -> TypedExpression {
        let (first, second) = unified(left, right)
        if first.isInvalid || second.isInvalid { return .invalid(at: range) }
        let isComparable: Bool =
            switch first.type {
            case .integer, .string, .matchKind: true
            case .fields: false
            default: first.type.isStorable
            }
        guard first.type == second.type, isComparable else {
            return refuse(
                "'\(operation.rawValue)' compares values of one type, found \(left.type) and \(right.type)"
                    + castAdvice(left.type, right.type), at: range)
        }
        return fold(operation, first, second, .bool, at: range)
    }

    private func shift(
        _ operation: BinaryOperator, _ left: TypedExpression, _ right: TypedExpression, at range: SourceRange
    ) -> TypedExpression {
        guard left.type.isNumeric else {
            return refuse("'\(operation.rawValue)' shifts a number, found \(left.type)", at: left.range)
        }
        switch right.type {
        case .bits: break
        case .integer where (right.constant?.number ?? 0) >= 0: break
        case .integer: return refuse("a shift by a negative number", at: right.range)
        default: return refuse("a shift is by bit<W> or int, found \(right.type)", at: right.range)
        }
        if left.type == .integer, right.constant == nil {
            return refuse("the shifted value needs a width: write for example 32w1", at: left.range)
        }
        return fold(operation, left, right, left.type, at: range)
    }

    private func concatenation(_ left: TypedExpression, _ right: TypedExpression, at range: SourceRange)
        -> TypedExpression
    {
        if left.type == .string, right.type == .string {
            return fold(.concatenate, left, right, .string, at: range)
        }
        for operand in [left, right] {
            switch operand.type {
            case .bits, .signed: continue
            case .integer: return refuse("'++' needs operands with a width: write for example 8w1", at: operand.range)
            default: return refuse("'++' takes bit<W> or int<W>, found \(operand.type)", at: operand.range)
            }
        }
        let width = (left.type.width ?? 0) + (right.type.width ?? 0)
        guard width <= Self.maximumWidth else {
            return refuse("'++' makes a value of \(width) bits: \(Self.maximumWidth) are possible", at: range)
        }
        return fold(.concatenate, left, right, left.type.isSigned ? .signed(width) : .bits(width), at: range)
    }

    /// The operation as a node, or its value if both operands have one.
    private func fold(
        _ operation: BinaryOperator, _ left: TypedExpression, _ right: TypedExpression, _ type: P4Type,
        at range: SourceRange
    ) -> TypedExpression {
        if let first = left.constant, let second = right.constant {
            if let value = ConstantFolding.binary(operation, first, second, operands: left.type, type: type) {
                return TypedExpression(.constant(value), type, at: range)
            }
            if operation == .multiply || operation == .shiftLeft || operation == .concatenate {
                return refuse("the value of '\(operation.rawValue)' is too large", at: range)
            }
            if operation == .divide || operation == .modulo {
                return refuse(
                    "'\(operation.rawValue)' takes numbers that aren't negative, and a divisor that isn't 0", at: range)
            }
        }
        if operation == .divide || operation == .modulo, right.constant?.number == 0 {
            return refuse("the divisor of '\(operation.rawValue)' is 0", at: right.range)
        }
        if left.type == .integer, type == .integer {
            return refuse("a value of type int must be known at compile time", at: range)
        }
        return TypedExpression(.binary(operation, left, right), type, at: range)
    }
}
