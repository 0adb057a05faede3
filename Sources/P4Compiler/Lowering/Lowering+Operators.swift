// SPDX-License-Identifier: Apache-2.0

import BigInt
import SwitchIR

extension Lowering {
    func compute(
        _ operation: UnaryOperator, _ operand: TypedExpression, _ expression: TypedExpression,
        into destination: Slot
    ) {
        let width = width(of: expression.type)
        let source = slot(of: operand)
        switch (operation, width > 64) {
        case (.not, _): code.emit(.xor, width: 1, a: destination, b: source, c: constantSlot(1))
        case (.complement, false): code.emit(.not, width: width, a: destination, b: source)
        case (.complement, true): code.emit(.notWide, width: width, a: destination, b: source)
        case (.minus, false): code.emit(.neg, width: width, a: destination, b: source)
        case (.minus, true):
            code.emit(.subWide, width: width, a: destination, b: constantSlot(0, width: width), c: source)
        case (.plus, _): copy(source, to: destination, width: width)
        }
    }

    func compute(
        _ operation: BinaryOperator, _ left: TypedExpression, _ right: TypedExpression,
        _ expression: TypedExpression, into destination: Slot
    ) {
        switch operation {
        case .and, .or:
            let end = code.makeLabel()
            copy(constantSlot(operation == .or ? 1 : 0), to: destination, width: 1)
            branch(on: expression, when: operation == .or, to: end)
            copy(constantSlot(operation == .or ? 0 : 1), to: destination, width: 1)
            code.place(end)
        case .concatenate: concatenate(left, right, into: destination)
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
            compare(operation, left, right, into: destination)
        default:
            let width = width(of: expression.type)
            if let (base, sum) = sumWithConstant(expression) {
                let opcode: Opcode = width > 64 ? .addWide : .add
                code.emit(opcode, width: width, a: destination, b: slot(of: base), c: constantSlot(sum, width: width))
                return
            }
            if let cheaper = byPowerOfTwo(operation, left, right) {
                let (opcode, amount) = cheaper
                code.emit(opcode, width: width, a: destination, b: slot(of: left), c: constantSlot(amount, width: 64))
                return
            }
            guard let opcode = opcode(of: operation, type: expression.type) else {
                return unsupported("'\(operation.rawValue)' on \(expression.type)", at: expression.range)
            }
            let first = slot(of: left, before: right)
            let second = slot(of: right)
            guard width > 64, opcode == .shlWide || opcode == .shrWide, first == destination else {
                code.emit(opcode, width: width, a: destination, b: first, c: second)
                return
            }
            let apart = frame.allocate(width: width)
            code.emit(opcode, width: width, a: apart, b: first, c: second)
            copy(apart, to: destination, width: width)
        }
    }

    /// Multiplication, division and rest by a power of two as a shift or mask.
    private func byPowerOfTwo(_ operation: BinaryOperator, _ left: TypedExpression, _ right: TypedExpression)
        -> (Opcode, BigInt)?
    {
        guard width(of: left.type) <= 64, let number = fold(right).constant?.number, let exponent = number.exponentOfTwo
        else { return nil }
        return switch operation {
        case .multiply: (.shl, BigInt(exponent))
        case .divide where !left.type.isSigned: (.shrUnsigned, BigInt(exponent))
        case .modulo where !left.type.isSigned: (.and, number - 1)
        default: nil
        }
    }

    /// `x + 2 + 3` as `x` and 5: sums wrap, so the order does not matter.
    private func sumWithConstant(_ expression: TypedExpression) -> (TypedExpression, BigInt)? {
        var (base, sum, count) = (expression, BigInt(0), 0)
        while case .binary(let operation, let left, let right) = base.kind {
            if operation == .add, let number = fold(right).constant?.number {
                (base, sum) = (left, sum + number)
            } else if operation == .subtract, let number = fold(right).constant?.number {
                (base, sum) = (left, sum - number)
            } else if operation == .add, let number = fold(left).constant?.number {
                (base, sum) = (right, sum + number)
            } else {
                break
            }
            count += 1
        }
        return count > 1 ? (base, sum) : nil
    }

    private func opcode(of operation: BinaryOperator, type: P4Type) -> Opcode? {
        let isSigned = type.isSigned
        if width(of: type) > 64 {
            return switch operation {
            case .add: .addWide
            case .subtract: .subWide
            case .bitAnd: .andWide
            case .bitOr: .orWide
            case .bitXor: .xorWide
            case .shiftLeft: .shlWide
            case .shiftRight: isSigned ? nil : .shrWide
            default: nil
            }
        }
        return switch operation {
        case .add: .add
        case .subtract: .sub
        case .multiply: .mul
        case .divide: isSigned ? nil : .div
        case .modulo: isSigned ? nil : .mod
        case .bitAnd: .and
        case .bitOr: .or
        case .bitXor: .xor
        case .shiftLeft: .shl
        case .shiftRight: isSigned ? .shrSigned : .shrUnsigned
        case .saturatingAdd: isSigned ? .satAddSigned : .satAddUnsigned
        case .saturatingSubtract: isSigned ? .satSubSigned : .satSubUnsigned
        default: nil
        }
    }

    /// `left ++ right`: the right one in the low bits, the left one put above it.
    private func concatenate(_ left: TypedExpression, _ right: TypedExpression, into destination: Slot) {
        let (high, low) = (width(of: left.type), width(of: right.type))
        guard high + low > 64 else {
            let upper = slot(of: left, before: right)
            evaluate(right, into: destination)
            code.emit(.insert, width: high, a: destination, b: upper, d: low)
            return
        }
        let (upper, lower) = (slot(of: left, before: right), slot(of: right))
        copy(constantSlot(0, width: high + low), to: destination, width: high + low)
        copy(lower, to: destination, width: low)
        code.emit(.insertWide, width: high, a: destination, b: upper, c: high + low, d: low)
    }

    // MARK: Comparisons

    private func compare(
        _ operation: BinaryOperator, _ left: TypedExpression, _ right: TypedExpression, into destination: Slot
    ) {
        if left.type.width == nil, left.type != .integer {
            compareAggregates(left, right, into: destination)
            if operation == .notEqual {
                code.emit(.xor, width: 1, a: destination, b: destination, c: constantSlot(1))
            }
            return
        }
        let width = width(of: left.type)
        let (first, second) = (slot(of: left, before: right), slot(of: right))
        guard width <= 64 else {
            return compareWide(operation, first, second, type: left.type, at: left.range, into: destination)
        }
        let isSigned = left.type.isSigned
        switch operation {
        case .equal: code.emit(.equal, width: width, a: destination, b: first, c: second)
        case .notEqual: code.emit(.notEqual, width: width, a: destination, b: first, c: second)
        case .less, .greater:
            let (low, high) = operation == .less ? (first, second) : (second, first)
            code.emit(isSigned ? .lessSigned : .lessUnsigned, width: width, a: destination, b: low, c: high)
        default:
            let (low, high) = operation == .lessOrEqual ? (first, second) : (second, first)
            code.emit(isSigned ? .lessEqualSigned : .lessEqualUnsigned, width: width, a: destination, b: low, c: high)
        }
    }

    private func compareWide(
        _ operation: BinaryOperator, _ first: Slot, _ second: Slot, type: P4Type, at range: SourceRange,
        into destination: Slot
    ) {
        let width = width(of: type)
        switch operation {
        case .equal, .notEqual: code.emit(.equalWide, width: width, a: destination, b: first, c: second)
        case _ where type.isSigned: return unsupported("'\(operation.rawValue)' on \(type)", at: range)
        case .less, .greaterOrEqual:
            code.emit(.lessUnsignedWide, width: width, a: destination, b: first, c: second)
        default: code.emit(.lessUnsignedWide, width: width, a: destination, b: second, c: first)
        }
        if [.notEqual, .greaterOrEqual, .lessOrEqual].contains(operation) {
            code.emit(.xor, width: 1, a: destination, b: destination, c: constantSlot(1))
        }
    }

    /// Headers are equal if both are valid and their fields are; structures if all members are.
    private func compareAggregates(_ left: TypedExpression, _ right: TypedExpression, into destination: Slot) {
        let different = code.makeLabel()
        copy(constantSlot(0), to: destination, width: 1)
        withTemporaries {
            branchIfDifferent(stored(left), stored(right), left.type, to: different, at: left.range)
        }
        copy(constantSlot(1), to: destination, width: 1)
        code.place(different)
    }

    /// Where a value of any type lies, computed into a temporary if it lies nowhere yet.
    func stored(_ expression: TypedExpression) -> Storage {
        if let storage = storage(of: expression) { return storage }
        if expression.type.width != nil { return .slots(slot(of: expression)) }
        let temporary = makeTemporary(for: expression.type)
        evaluate(expression, into: temporary)
        return temporary
    }

    private func branchIfDifferent(
        _ left: Storage, _ right: Storage, _ type: P4Type, to label: Label, at range: SourceRange
    ) {
        switch (left, right) {
        case (.members(let first), .members(let second)):
            for (index, member) in (type.members ?? []).enumerated() {
                branchIfDifferent(first[index], second[index], member, to: label, at: range)
            }
        case (.stack(let first), .stack(let second)):
            let (one, two) = (stacks[first], stacks[second])
            for index in 0..<one.count { branchIfHeadersDiffer(one.first + index, two.first + index, to: label) }
        case (.header(.fixed(let first)), .header(.fixed(let second))):
            branchIfHeadersDiffer(first, second, to: label)
        case (.header, .header): unsupported("a comparison of headers with an index that isn't constant", at: range)
        case (.varbit, _): unsupported("a comparison of varbits", at: range)
        default:
            let width = width(of: type)
            let (first, second) = (frame.allocate(width: width), frame.allocate(width: width))
            load(left, width: width, into: first, at: range)
            load(right, width: width, into: second, at: range)
            if width > 64 {
                code.emit(.equalWide, width: width, a: first, b: first, c: second)
                code.branch(.branchIfZero, b: first, to: label)
            } else {
                code.branch(.branchIfNotEqual, width: width, b: first, c: second, to: label)
            }
        }
    }

    private func branchIfHeadersDiffer(_ first: Int, _ second: Int, to label: Label) {
        let result = frame.allocate(width: 1)
        code.emit(.equalHeader, a: result, b: first, c: second)
        code.branch(.branchIfZero, b: result, to: label)
    }
}
