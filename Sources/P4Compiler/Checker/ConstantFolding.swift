// SPDX-License-Identifier: Apache-2.0

import BigInt

/// Arithmetic on values known at compile time, by the rules of their type (§8.5 to §8.9).
enum ConstantFolding {
    /// The widest shift of an `int`, so that a slip of the pen doesn't take all memory.
    static let maximumShift = 1 << 16
    /// Bits of the largest product of `int`s, and bytes of the longest text.
    static let maximumProduct = 1 << 17
    static let maximumText = 1 << 16

    static func unary(_ operation: UnaryOperator, _ operand: Constant, type: P4Type) -> Constant? {
        switch (operation, operand) {
        case (.not, .bool(let value)): .bool(!value)
        case (.minus, .integer(let value)): .integer((-value).cut(to: type))
        case (.plus, .integer): operand
        case (.complement, .integer(let value)): .integer((-value - 1).cut(to: type))
        default: nil
        }
    }

    /// The value of an operation on operands of type `operands`, with a result of type `type`; nil if it has none.
    static func binary(
        _ operation: BinaryOperator, _ left: Constant, _ right: Constant, operands: P4Type, type: P4Type
    ) -> Constant? {
        switch operation {
        case .equal: return .bool(left == right)
        case .notEqual: return .bool(left != right)
        case .and: return .bool(left.isTrue && right.isTrue)
        case .or: return .bool(left.isTrue || right.isTrue)
        default: break
        }
        if case (.string(let first), .string(let second)) = (left, right), operation == .concatenate {
            return first.utf8.count + second.utf8.count <= maximumText ? .string(first + second) : nil
        }
        guard let first = left.number, let second = right.number else { return nil }
        if let order = comparison(operation, first, second) { return .bool(order) }
        return arithmetic(operation, first, second, operands: operands, type: type).map(Constant.integer)
    }

    private static func comparison(_ operation: BinaryOperator, _ left: BigInt, _ right: BigInt) -> Bool? {
        switch operation {
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        default: nil
        }
    }

    private static func arithmetic(
        _ operation: BinaryOperator, _ left: BigInt, _ right: BigInt, operands: P4Type, type: P4Type
    ) -> BigInt? {
        switch operation {
        case .add: return (left + right).cut(to: type)
        case .subtract: return (left - right).cut(to: type)
        case .multiply:
            guard left.bitWidth + right.bitWidth <= maximumProduct else { return nil }
            return (left * right).cut(to: type)
        case .divide: return right > 0 && left >= 0 ? left / right : nil
        case .modulo: return right > 0 && left >= 0 ? left % right : nil
        case .bitAnd: return (left & right).cut(to: type)
        case .bitOr: return (left | right).cut(to: type)
        case .bitXor: return (left ^ right).cut(to: type)
        case .saturatingAdd: return clamp(left + right, to: type)
        case .saturatingSubtract: return clamp(left - right, to: type)
        case .shiftLeft, .shiftRight: return shift(operation, left, right, type: type)
        case .concatenate:
            guard let width = type.width else { return nil }
            let low = width - (operands.width ?? 0)
            return ((left.cut(to: operands.width ?? 0) << low) | right.cut(to: low)).cut(to: type)
        default: return nil
        }
    }

    private static func shift(_ operation: BinaryOperator, _ left: BigInt, _ right: BigInt, type: P4Type) -> BigInt? {
        guard right >= 0 else { return nil }
        let isLeft = operation == .shiftLeft
        if let width = type.width, right >= BigInt(width) { return !isLeft && left < 0 ? -1 : 0 }
        guard right <= BigInt(maximumShift), left.bitWidth <= maximumProduct else {
            return isLeft && left != 0 ? nil : left < 0 ? -1 : 0
        }
        return isLeft ? (left << Int(right)).cut(to: type) : left >> Int(right)
    }

    private static func clamp(_ value: BigInt, to type: P4Type) -> BigInt? {
        guard let width = type.width else { return nil }
        let one = BigInt(1)
        let (low, high) = type.isSigned ? (-(one << (width - 1)), (one << (width - 1)) - 1) : (0, (one << width) - 1)
        return min(max(value, low), high)
    }

    /// Bits `low ... high`.
    static func slice(_ value: BigInt, of width: Int, high: Int, low: Int) -> BigInt {
        (value.cut(to: width) >> low).cut(to: high - low + 1)
    }

    /// A value as another type holds it.
    static func cast(_ value: Constant, to type: P4Type) -> Constant? {
        switch (value, type.underlying) {
        case (.bool(let truth), .bits), (.bool(let truth), .integer): .integer(truth ? 1 : 0)
        case (.integer(let number), .bool): .bool(number != 0)
        case (.integer(let number), .enumeration(let enumeration)):
            .integer(enumeration.underlying.map { number.cut(to: $0) } ?? number)
        case (.integer(let number), _): .integer(number.cut(to: type))
        case (.bool, .bool), (.string, .string): value
        default: nil
        }
    }
}
