// SPDX-License-Identifier: Apache-2.0

import BigInt
import SwitchIR

/// Methods of core.p4's `packet_in` and `packet_out`, and `verify`.
extension Lowering {
    func lower(packetMethod method: String, _ call: TypedCall, result: Storage?, type: P4Type) {
        let arguments = call.arguments
        switch method {
        case "extract" where arguments.count == 1: extract(arguments[0], bits: nil, call)
        case "extract": extract(arguments[0], bits: arguments[1], call)
        case "lookahead":
            let target = result ?? makeTemporary(for: type)
            var offset = 0
            lookahead(type, into: target, offset: &offset, at: call.range)
        case "advance":
            if let amount = arguments[0] { code.emit(.advance, b: slot(of: amount)) }
        case "emit":
            if let value = arguments[0] { emit(value) }
        default: unsupported("packet.\(method)", at: call.range)
        }
    }

    private func extract(_ target: TypedExpression?, bits: TypedExpression?, _ call: TypedCall) {
        guard let target else { return }
        if case .ignored = target.kind {
            guard bits == nil, let size = call.typeArguments.first?.record?.fixedBits else {
                return unsupported("an extract of a varbit into nothing", at: call.range)
            }
            return code.emit(.advance, b: constantSlot(size))
        }
        guard let record = target.type.record, record.flavour == .header else {
            return error("extract takes a header, found \(target.type)", at: target.range)
        }
        guard record.hasVarbit == (bits != nil) else {
            return error(
                record.hasVarbit
                    ? "header '\(record.name)' has a varbit: extract needs its size in bits as second argument"
                    : "header '\(record.name)' has no varbit: extract takes one argument", at: call.range)
        }
        let size = bits.map { slot(of: $0) }
        guard case .header(let header)? = storage(of: target) else {
            return unsupported("an extract into this", at: target.range)
        }
        switch (header, size) {
        case (.fixed(let index), nil): code.emit(.extract, a: index)
        case (.fixed(let index), let size?): code.emit(.extractVariable, a: index, b: size)
        case (.slot(let slot), nil): code.emit(.extractAt, a: slot)
        case (.slot(let slot), let size?): code.emit(.extractVariableAt, a: slot, b: size)
        }
        invalidatePeers(of: header)
        if case .stackNext(let base) = target.kind, case .stack(let stack)? = storage(of: base) {
            code.emit(.stackAdvance, d: stack)
        }
    }

    /// Reads a value of any type from the bits in front of the cursor.
    private func lookahead(_ type: P4Type, into target: Storage, offset: inout Int, at range: SourceRange) {
        if case .header(let header) = target {
            guard let record = type.record, !record.hasVarbit else {
                return unsupported("a lookahead of a varbit", at: range)
            }
            setValid(header)
            for (index, field) in record.fields.enumerated() {
                lookahead(field.type, into: place(ofField: index, in: record, of: header), offset: &offset, at: range)
            }
            return
        }
        if case .members(let members) = target, let types = type.members {
            for (member, inner) in zip(members, types) { lookahead(inner, into: member, offset: &offset, at: range) }
            return
        }
        guard let width = type.width else { return unsupported("a lookahead of \(type)", at: range) }
        withTemporaries {
            if case .slots(let slot) = target {
                look(at: offset, width: width, into: slot)
            } else {
                let slot = frame.allocate(width: width)
                look(at: offset, width: width, into: slot)
                store(slot, width: width, in: target, at: range)
            }
        }
        offset += width
    }

    private func look(at offset: Int, width: Int, into slot: Slot) {
        code.emit(width > 64 ? .lookaheadWide : .lookahead, width: width, a: slot, d: offset)
    }

    /// `packet.lookahead<T>().field`: reads that field only. The packet must still be long enough for all of `T`.
    func lowerLookahead(field index: Int, of base: TypedExpression, width: Int, into destination: Slot) -> Bool {
        guard case .call(let call) = base.kind, case .externMethod(_, let method) = call.callee,
            method.name == "lookahead", let record = base.type.record, !record.hasVarbit,
            record.flavour != .headerUnion,
            record.fields[index].type.width != nil
        else { return false }
        let offset = record.fields.prefix(index).reduce(0) { $0 + ($1.type.width ?? $1.type.record?.fixedBits ?? 0) }
        if offset + width < record.fixedBits {
            let last = frame.allocate(width: 1)
            look(at: record.fixedBits - 1, width: 1, into: last)
        }
        look(at: offset, width: width, into: destination)
        return true
    }

    /// Headers in order, those that are valid; a structure's members in order.
    private func emit(_ value: TypedExpression) {
        if case .list(let elements) = value.kind { return elements.forEach(emit) }
        guard let place = storage(of: value) else { return unsupported("an emit of this", at: value.range) }
        emit(place, at: value.range)
    }

    private func emit(_ place: Storage, at range: SourceRange) {
        switch place {
        case .header(.fixed(let index)): code.emit(.emit, a: index)
        case .stack(let index):
            for position in 0..<stacks[index].count { code.emit(.emit, a: stacks[index].first + position) }
        case .members(let members): for member in members { emit(member, at: range) }
        case .header: unsupported("an emit of a header with an index that isn't constant", at: range)
        default: error("only headers can be emitted", at: range)
        }
    }

    func lowerVerify(_ call: TypedCall) {
        guard let condition = call.arguments[0], let signal = call.arguments[1] else { return }
        if let number = fold(signal).constant?.number, let value = Int(exactly: number) {
            let fine = code.makeLabel()
            branch(on: condition, when: true, to: fine)
            code.emit(.rejectParse, d: value)
            code.place(fine)
        } else {
            let check = slot(of: condition)
            code.emit(.verify, b: check, c: slot(of: signal))
        }
    }
}
