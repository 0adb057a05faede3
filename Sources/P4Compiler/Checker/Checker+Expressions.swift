// SPDX-License-Identifier: Apache-2.0

import BigInt

extension Checker {
    /// Types an expression. `expected` is what its place wants, if that is known: it only guides what has no type
    /// of its own; `check(_:as:)` converts.
    func check(_ expression: Expression, expecting expected: P4Type? = nil) -> TypedExpression {
        let range = expression.range
        switch expression.kind {
        case .integer(let literal): return check(literal, at: range)
        case .boolean(let value): return TypedExpression(.constant(.bool(value)), .bool, at: range)
        case .string(let text): return TypedExpression(.constant(.string(text)), .string, at: range)
        case .name(let path): return check(name: path, at: range)
        case .parenthesized(let inner): return check(inner, expecting: expected)
        case .list(let elements): return check(list: elements, expecting: expected, at: range)
        case .structure(let fields, let isOpen):
            if isOpen { return refuse("not supported yet: '...' in a structure", at: range) }
            return check(structure: fields, expecting: expected, at: range)
        case .unary(let operation, let operand): return check(operation, operand, at: range)
        case .binary(let operation, let left, let right): return check(operation, left, right, at: range)
        case .conditional(let condition, let first, let second):
            return check(condition, then: first, else: second, expecting: expected, at: range)
        case .cast(let type, let operand): return check(cast: operand, to: resolve(type), at: range)
        case .member(let base, let name): return check(member: name, of: base, at: range)
        case .index(let base, let index): return check(index: index, of: base, at: range)
        case .slice(let base, let high, let low): return check(sliceOf: base, high: high, low: low, at: range)
        case .partSelect(let base, let low, let width):
            return check(partOf: base, low: low, width: width, at: range)
        case .call(let call): return check(call, expecting: expected, at: range)
        case .invalidHeader: return TypedExpression(.invalidHeader, .dontCare, at: range)
        case .dontCare: return TypedExpression(.ignored, .dontCare, at: range)
        case .type(let type): return refuse("'\(resolve(type))' is a type, not a value", at: range)
        case .this: return refuse("not supported yet: 'this'", at: range)
        case .defaultKey: return refuse("'default' stands for a value only in a select or a switch", at: range)
        case .defaultValue: return refuse("not supported yet: '...' for a default value", at: range)
        case .invalid: return .invalid(at: range)
        }
    }

    /// Types an expression and converts it to `type` as an assignment does.
    func check(_ expression: Expression, as type: P4Type) -> TypedExpression {
        convert(check(expression, expecting: type), to: type)
    }

    func refuse(_ message: String, at range: SourceRange) -> TypedExpression {
        error(message, at: range)
        return .invalid(at: range)
    }

    private func check(_ literal: IntegerLiteral, at range: SourceRange) -> TypedExpression {
        guard let prefix = literal.prefix else {
            return TypedExpression(.constant(.integer(literal.value)), .integer, at: range)
        }
        let type: P4Type = prefix.isSigned ? .signed(prefix.width) : .bits(prefix.width)
        if literal.value.bitWidthAsUnsigned > prefix.width {
            warning("\(literal.value) does not fit in \(type) and is cut", at: range)
        }
        return TypedExpression(.constant(.integer(literal.value.cut(to: type))), type, at: range)
    }

    private func check(name path: PathName, at range: SourceRange) -> TypedExpression {
        guard let binding = lookUp(path) else { return .invalid(at: range) }
        switch binding {
        case .variable(let variable): return TypedExpression(.variable(variable), variable.type, at: range)
        case .constant(let value): return TypedExpression(value.kind, value.type, at: range)
        case .instance(let instance): return TypedExpression(.instance(instance), instance.type, at: range)
        default: return refuse("'\(path)' is \(binding.kind), not a value", at: range)
        }
    }

    private func check(list elements: [Expression], expecting expected: P4Type?, at range: SourceRange)
        -> TypedExpression
    {
        let wanted = expected?.underlying.members
        let typed = elements.enumerated().map { index, element in
            check(element, expecting: wanted.flatMap { index < $0.count ? $0[index] : nil })
        }
        return TypedExpression(.list(typed), .tuple(typed.map(\.type)), at: range)
    }

    private func check(structure fields: [NamedExpression], expecting expected: P4Type?, at range: SourceRange)
        -> TypedExpression
    {
        var types: [NamedType] = []
        var values: [TypedExpression] = []
        for field in fields {
            if types.contains(where: { $0.name == field.name.text }) {
                error("field '\(field.name)' is given twice", at: field.name.range)
                continue
            }
            let wanted = expected?.record?.fields.first { $0.name == field.name.text }?.type
            values.append(check(field.value, expecting: wanted))
            types.append(NamedType(name: field.name.text, type: values[values.count - 1].type))
        }
        return TypedExpression(.list(values), .fields(types), at: range)
    }

    private func check(
        _ condition: Expression, then first: Expression, else second: Expression, expecting expected: P4Type?,
        at range: SourceRange
    ) -> TypedExpression {
        let typedCondition = check(condition, as: .bool)
        var (left, right) = (check(first, expecting: expected), check(second, expecting: expected))
        if left.isInvalid || right.isInvalid || typedCondition.isInvalid { return .invalid(at: range) }
        if left.type != right.type {
            if let expected, expected.isStorable, !expected.isOpen {
                (left, right) = (convert(left, to: expected), convert(right, to: expected))
            } else {
                (left, right) = unified(left, right)
            }
            if left.isInvalid || right.isInvalid { return .invalid(at: range) }
            guard left.type == right.type else {
                return refuse("the branches of '?:' have different types: \(left.type) and \(right.type)", at: range)
            }
        }
        if let constant = typedCondition.constant {
            let chosen = constant.isTrue ? left : right
            return TypedExpression(chosen.kind, chosen.type, at: range)
        }
        if left.type == .integer, let expected, expected.underlying.width != nil {
            (left, right) = (convert(left, to: expected), convert(right, to: expected))
        }
        guard left.type != .integer else {
            return refuse("the branches of '?:' need a width: write for example 8w1", at: range)
        }
        return TypedExpression(.conditional(typedCondition, left, right), left.type, at: range)
    }

    /// Gives two operands one type where one converts to the other's: `int` to a width, an enum to what lies below.
    func unified(_ left: TypedExpression, _ right: TypedExpression) -> (TypedExpression, TypedExpression) {
        if left.type == right.type { return (left, right) }
        if converts(left, to: right.type) { return (convert(left, to: right.type), right) }
        if converts(right, to: left.type) { return (left, convert(right, to: left.type)) }
        let (first, second) = (withoutEnum(left), withoutEnum(right))
        if first.type == left.type, second.type == right.type { return (left, right) }
        return unified(first, second)
    }

    /// An expression of an enum with an underlying type, as that type.
    func withoutEnum(_ expression: TypedExpression) -> TypedExpression {
        guard case .enumeration(let type) = expression.type, let underlying = type.underlying else { return expression }
        return convert(expression, to: underlying)
    }
}

extension BigInt {
    /// Bits that a value that isn't negative takes.
    var bitWidthAsUnsigned: Int { magnitude.bitWidth }
}

extension P4Type {
    /// Whether something in it is still to be inferred.
    var isOpen: Bool {
        switch self {
        case .parameter, .dontCare: true
        case .tuple(let types): types.contains(where: \.isOpen)
        case .stack(let element, _), .list(let element): element.isOpen
        case .extern(_, let arguments), .blockType(_, let arguments), .package(_, let arguments):
            arguments.contains(where: \.isOpen)
        case .record(let record): record.arguments.contains(where: \.isOpen)
        default: false
        }
    }
}
