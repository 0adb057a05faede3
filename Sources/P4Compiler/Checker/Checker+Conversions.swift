// SPDX-License-Identifier: Apache-2.0

import BigInt
internal import TextLayout

extension Checker {
    /// Whether an expression takes another type without a cast (§8.11.2).
    func converts(_ expression: TypedExpression, to type: P4Type) -> Bool {
        let source = expression.type
        if source == type || source.isInvalid || type.isInvalid || type == .dontCare { return true }
        switch (source, type) {
        case (.integer, .bits), (.integer, .signed): return true
        case (.enumeration(let enumeration), _):
            return enumeration.underlying.map { converts($0, to: type) } ?? false
        case (.tuple(let types), _):
            guard case .list(let elements) = expression.kind else { return false }
            guard let members = type.members, members.count == types.count, !type.isUnion else {
                if case .list(let element) = type { return elements.allSatisfy { converts($0, to: element) } }
                return false
            }
            return zip(elements, members).allSatisfy { converts($0, to: $1) }
        case (.fields(let fields), .record(let record)):
            guard case .list(let elements) = expression.kind, fields.count == record.fields.count else { return false }
            return zip(fields, elements).allSatisfy { field, element in
                record.index(of: field.name).map { converts(element, to: record.fields[$0].type) } ?? false
            }
        case (.dontCare, _):
            if case .invalidHeader = expression.kind { return type.isHeader || type.isUnion }
            return false
        default: return false
        }
    }

    private func converts(_ source: P4Type, to type: P4Type) -> Bool { source == type }

    /// Converts the expression implicitly to another type; reports an error if no conversion exists.
    func convert(_ expression: TypedExpression, to type: P4Type) -> TypedExpression {
        if expression.type == type || expression.isInvalid { return expression }
        if type.isInvalid { return .invalid(at: expression.range) }
        if type == .dontCare { return expression }
        guard converts(expression, to: type) else {
            if let detailed = explainMismatch(expression, type) { return detailed }
            return refuse(
                "expected \(type), found \(expression.type)" + castAdvice(expression, type), at: expression.range)
        }
        return converted(expression, to: type)
    }

    private func converted(_ expression: TypedExpression, to type: P4Type) -> TypedExpression {
        if expression.type == type { return expression }
        switch (expression.kind, type) {
        case (.constant(.integer(let value)), _) where expression.type == .integer:
            return TypedExpression(
                .constant(.integer(fit(value, to: type, at: expression.range))), type, at: expression.range)
        case (.constant(let value), _):
            return TypedExpression(.constant(value), type, at: expression.range)
        case (.list(let elements), .list(let element)):
            return TypedExpression(.list(elements.map { converted($0, to: element) }), type, at: expression.range)
        case (.list(let elements), _):
            let members = type.members ?? []
            let values = inOrder(elements, of: expression.type, for: type)
            return TypedExpression(.list(zip(values, members).map(converted)), type, at: expression.range)
        case (.invalidHeader, _):
            return TypedExpression(.invalidHeader, type, at: expression.range)
        case (.conditional(let condition, let first, let second), _) where expression.type == .integer:
            return TypedExpression(
                .conditional(condition, converted(first, to: type), converted(second, to: type)), type,
                at: expression.range)
        default:
            return TypedExpression(.cast(expression), type, at: expression.range)
        }
    }

    /// The values of `{x = …}` in the order of the type's fields.
    private func inOrder(_ elements: [TypedExpression], of source: P4Type, for type: P4Type) -> [TypedExpression] {
        guard case .fields(let names) = source, let record = type.record else { return elements }
        return record.fields.compactMap { field in
            names.firstIndex { $0.name == field.name }.map { elements[$0] }
        }
    }

    /// A number as a type with a width holds it, with a warning if that changes it.
    private func fit(_ value: BigInt, to type: P4Type, at range: SourceRange) -> BigInt {
        let cut = value.cut(to: type)
        if cut != value {
            warning("\(value) does not fit in \(type) and becomes \(cut)", at: range)
        }
        return cut
    }

    /// For lists and structures, names the element that doesn't fit.
    private func explainMismatch(_ expression: TypedExpression, _ type: P4Type) -> TypedExpression? {
        guard case .list(let elements) = expression.kind else { return nil }
        switch (expression.type, type) {
        case (.tuple, _):
            guard let members = type.members, !type.isUnion else { return nil }
            guard members.count == elements.count else {
                return refuse(
                    "\(type) has \(counted(members.count, "member")), found \(counted(elements.count, "value"))",
                    at: expression.range)
            }
            for (element, member) in zip(elements, members) where !converts(element, to: member) {
                _ = convert(element, to: member)
            }
            return .invalid(at: expression.range)
        case (.fields(let fields), .record(let record)):
            for (field, element) in zip(fields, elements) {
                guard let index = record.index(of: field.name) else {
                    let hint = NearName.didYouMean(field.name, among: record.fields.map(\.name))
                    return refuse("'\(record.description)' has no field '\(field.name)'" + hint, at: element.range)
                }
                _ = convert(element, to: record.fields[index].type)
            }
            let missing = record.fields.filter { field in !fields.contains { $0.name == field.name } }
            if let first = missing.first {
                return refuse("no value for field '\(first.name)' of '\(record.description)'", at: expression.range)
            }
            return .invalid(at: expression.range)
        default: return nil
        }
    }

    private func castAdvice(_ expression: TypedExpression, _ type: P4Type) -> String {
        canCast(expression, to: type) ? "; write (\(type)) to cast it" : ""
    }

    // MARK: Casts

    func check(cast operand: Expression, to type: P4Type, at range: SourceRange) -> TypedExpression {
        let typed = check(operand, expecting: type)
        if typed.isInvalid || type.isInvalid { return .invalid(at: range) }
        if typed.type == type { return TypedExpression(typed.kind, type, at: range) }
        if case .constant(let value) = typed.kind, canCast(typed, to: type),
            let result = ConstantFolding.cast(value, to: type)
        {
            return TypedExpression(.constant(result), type, at: range)
        }
        if typed.type.width == nil, typed.type != .integer, converts(typed, to: type) {
            return convert(typed, to: type)
        }
        guard canCast(typed, to: type) else {
            return refuse("\(typed.type) can't be cast to \(type)" + detour(typed.type, type), at: range)
        }
        return TypedExpression(.cast(typed), type, at: range)
    }

    /// Whether an explicit cast is allowed (§8.11.1).
    private func canCast(_ expression: TypedExpression, to type: P4Type) -> Bool {
        let source = expression.type
        if source == type { return true }
        switch (source, type) {
        case (.bits(let from), .bool): return from == 1
        case (.bool, .bits(let to)): return to == 1
        case (.integer, .bool): return [0, 1].contains(expression.constant?.number)
        case (.bits, .bits), (.signed, .signed), (.integer, .bits), (.integer, .signed): return true
        case (.bits(let from), .signed(let to)), (.signed(let from), .bits(let to)): return from == to
        case (.bits, .integer), (.signed, .integer), (.bool, .integer): return expression.constant != nil
        case (.enumeration(let from), .enumeration(let to)):
            return from.underlying != nil && from.underlying == to.underlying
        case (.enumeration(let enumeration), _):
            guard let underlying = enumeration.underlying else { return false }
            return canCast(TypedExpression(expression.kind, underlying, at: expression.range), to: type)
        case (_, .enumeration(let enumeration)):
            guard let underlying = enumeration.underlying else { return false }
            return source == underlying || source == .integer
        case (.distinct(let distinct), _):
            return canCast(TypedExpression(expression.kind, distinct.target, at: expression.range), to: type)
        case (_, .distinct(let distinct)): return canCast(expression, to: distinct.target)
        default: return false
        }
    }

    /// How to get from one type to another in two casts, as advice.
    private func detour(_ source: P4Type, _ type: P4Type) -> String {
        switch (source, type) {
        case (.bits, .signed(let to)): "; cast to bit<\(to)> first"
        case (.signed, .bits(let to)): "; cast to int<\(to)> first"
        case (.bits, .bool): "; compare it with 0"
        default: ""
        }
    }
}
