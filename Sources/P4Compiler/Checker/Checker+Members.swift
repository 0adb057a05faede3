// SPDX-License-Identifier: Apache-2.0

import BigInt
internal import TextLayout

extension Checker {
    func check(member name: Name, of base: Expression, at range: SourceRange) -> TypedExpression {
        if let type = typeNamed(by: base) { return check(member: name, ofType: type, at: range) }
        let typed = check(base)
        switch typed.type {
        case .invalid: return .invalid(at: range)
        case .record(let record): return check(field: name, of: record, in: typed, at: range)
        case .stack(let element, let size):
            return check(stackMember: name, of: typed, element: element, size: size, at: range)
        case .tableResult: return check(resultMember: name, of: typed, at: range)
        case .fields(let fields):
            guard let index = fields.firstIndex(where: { $0.name == name.text }) else { break }
            return member(index, of: typed, type: fields[index].type, at: range)
        default: break
        }
        return refuse("a value of type \(typed.type) has no member '\(name)'", at: name.range)
    }

    /// The type that an expression names, as in `E.member`; nil when it is a value.
    func typeNamed(by expression: Expression) -> P4Type? {
        switch expression.unparenthesized.kind {
        case .type(let syntax): return resolve(syntax)
        case .name(let path):
            guard case .type(let type)? = (path.isAbsolute ? scope.root : scope).lookUp(path.text) else { return nil }
            return type
        default: return nil
        }
    }

    private func check(member name: Name, ofType type: P4Type, at range: SourceRange) -> TypedExpression {
        switch type {
        case .invalid: return .invalid(at: range)
        case .error:
            if let index = errors.firstIndex(of: name.text) {
                return TypedExpression(.constant(.integer(BigInt(index))), .error, at: range)
            }
            return refuse("unknown error '\(name)'" + NearName.didYouMean(name.text, among: errors), at: name.range)
        case .enumeration(let enumeration):
            if let member = enumeration.member(name.text) {
                return TypedExpression(.constant(member.value), type, at: range)
            }
            let hint = NearName.didYouMean(name.text, among: enumeration.members.map(\.name))
            return refuse("enum '\(enumeration.name)' has no member '\(name)'" + hint, at: name.range)
        default:
            return refuse("type \(type) has no member '\(name)'", at: name.range)
        }
    }

    private func check(field name: Name, of record: RecordType, in base: TypedExpression, at range: SourceRange)
        -> TypedExpression
    {
        if let index = record.index(of: name.text) {
            return member(index, of: base, type: record.fields[index].type, at: range)
        }
        if record.flavour != .structure, Self.headerMethods.contains(name.text) {
            return refuse("'\(name)' is a method: write \(name)()", at: name.range)
        }
        let hint = NearName.didYouMean(name.text, among: record.fields.map(\.name))
        return refuse(
            "\(record.flavour.rawValue) '\(record.description)' has no field '\(name)'" + hint, at: name.range)
    }

    static let headerMethods = ["isValid", "setValid", "setInvalid", "push_front", "pop_front"]

    /// A member of an expression; of one whose members are known, that member.
    private func member(_ index: Int, of base: TypedExpression, type: P4Type, at range: SourceRange)
        -> TypedExpression
    {
        switch base.kind {
        case .list(let elements) where base.type.record?.flavour != .header: elements[index]
        case .constant(.list(let values)): TypedExpression(.constant(values[index]), type, at: range)
        default: TypedExpression(.member(base, index), type, at: range)
        }
    }

    private func check(
        stackMember name: Name, of base: TypedExpression, element: P4Type, size: Int, at range: SourceRange
    ) -> TypedExpression {
        switch name.text {
        case "next", "last", "lastIndex":
            guard place == .parserState || place == .blockLocals else {
                return refuse("'\(name)' of a header stack can be used in a parser only", at: name.range)
            }
            if name.text == "lastIndex" { return TypedExpression(.stackLastIndex(base), .bits(32), at: range) }
            return TypedExpression(
                name.text == "next" ? .stackNext(base) : .stackLast(base), element, at: range)
        case "size": return TypedExpression(.constant(.integer(BigInt(size))), .bits(32), at: range)
        default:
            let hint = NearName.didYouMean(name.text, among: ["next", "last", "lastIndex", "size"])
            return refuse("a header stack has no member '\(name)'" + hint, at: name.range)
        }
    }

    private func check(resultMember name: Name, of base: TypedExpression, at range: SourceRange) -> TypedExpression {
        guard case .call(let call) = base.kind, case .table(let table) = call.callee else {
            return .invalid(at: range)
        }
        switch name.text {
        case "hit": return TypedExpression(.tableHit(call, isMiss: false), .bool, at: range)
        case "miss": return TypedExpression(.tableHit(call, isMiss: true), .bool, at: range)
        case "action_run": return TypedExpression(.actionRun(call), .actionRun(table), at: range)
        default:
            return refuse("the result of apply() has hit, miss and action_run, not '\(name)'", at: name.range)
        }
    }

    func check(index: Expression, of base: Expression, at range: SourceRange) -> TypedExpression {
        let (typedBase, typedIndex) = (check(base), withoutEnum(check(index)))
        if typedBase.isInvalid || typedIndex.isInvalid { return .invalid(at: range) }
        guard typedIndex.type.underlying.isNumeric else {
            return refuse("an index must be a number, not \(typedIndex.type)", at: index.range)
        }
        switch typedBase.type {
        case .stack(let element, let size):
            if let number = typedIndex.constant?.number, !(0..<BigInt(size)).contains(number) {
                return refuse("index \(number) is outside the stack: it has \(size) elements", at: index.range)
            }
            return TypedExpression(.element(typedBase, index: typedIndex), element, at: range)
        case .tuple(let types):
            guard let number = typedIndex.constant?.number, let position = Int(exactly: number) else {
                return refuse("the index of a tuple must be known at compile time", at: index.range)
            }
            guard types.indices.contains(position) else {
                return refuse("index \(position) is outside the tuple: it has \(types.count) elements", at: index.range)
            }
            return member(position, of: typedBase, type: types[position], at: range)
        default:
            return refuse("a value of type \(typedBase.type) can't be indexed", at: base.range)
        }
    }

    func check(sliceOf base: Expression, high: Expression, low: Expression, at range: SourceRange)
        -> TypedExpression
    {
        let typed = withoutEnum(check(base))
        guard let top = constantInteger(high, of: "the bit number of a slice"),
            let bottom = constantInteger(low, of: "the bit number of a slice"), !typed.isInvalid
        else { return .invalid(at: range) }
        return slice(typed, high: top, low: bottom, at: range)
    }

    func check(partOf base: Expression, low: Expression, width: Expression, at range: SourceRange)
        -> TypedExpression
    {
        let typed = withoutEnum(check(base))
        guard let count = constantInteger(width, of: "the width of a part"),
            let bottom = constantInteger(low, of: "the first bit of a part"), !typed.isInvalid
        else { return .invalid(at: range) }
        return slice(typed, high: bottom + count - 1, low: bottom, at: range)
    }

    private func slice(_ base: TypedExpression, high: Int, low: Int, at range: SourceRange) -> TypedExpression {
        let width: Int
        switch base.type.underlying {
        case .bits(let bits), .signed(let bits): width = bits
        case .integer: width = max(high + 1, 1)
        default: return refuse("a slice is taken of bit<W> or int<W>, not of \(base.type)", at: base.range)
        }
        guard low >= 0, high >= low, high < width else {
            return refuse("[\(high):\(low)] is not a slice of \(base.type): it has bits \(width - 1) to 0", at: range)
        }
        let type = P4Type.bits(high - low + 1)
        if let number = base.constant?.number {
            let value = ConstantFolding.slice(number, of: width, high: high, low: low)
            return TypedExpression(.constant(.integer(value)), type, at: range)
        }
        return TypedExpression(.slice(base, high: high, low: low), type, at: range)
    }
}
