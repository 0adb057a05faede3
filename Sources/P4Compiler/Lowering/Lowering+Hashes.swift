// SPDX-License-Identifier: Apache-2.0

import BigInt
import SwitchIR

/// Inputs of `hash` and of the checksum externs: runs of header bits and slots.
extension Lowering {
    /// What a checksum is taken of; neighbours in one header become one run.
    private struct HashInput {
        enum Part {
            case header(Int, offset: Int, width: Int)
            case varbit(Int)
            case slot(Slot, width: Int)
        }

        private(set) var parts: [Part] = []

        mutating func add(_ part: Part) {
            if case .header(let header, let offset, let width) = part,
                case .header(header, let earlier, let length)? = parts.last, earlier + length == offset,
                length + width <= Int(UInt16.max)
            {
                parts[parts.count - 1] = .header(header, offset: earlier, width: length + width)
            } else {
                parts.append(part)
            }
        }
    }

    /// Feeds the hash unit with the fields of `data`, in order.
    private func feed(_ data: TypedExpression, payload: Bool) {
        var input = HashInput()
        collect(data, into: &input)
        code.emit(.hashBegin)
        for part in input.parts {
            switch part {
            case .header(let header, let offset, let width): code.emit(.hashField, width: width, b: header, d: offset)
            case .varbit(let header): code.emit(.hashVarbit, b: header)
            case .slot(let slot, let width): code.emit(.hashSlot, width: width, b: slot)
            }
        }
        if payload { code.emit(.hashPayload) }
    }

    private func collect(_ data: TypedExpression, into input: inout HashInput) {
        if case .list(let elements) = data.kind {
            for element in elements { collect(element, into: &input) }
        } else if let place = storage(of: data) {
            collect(place, data.type, at: data.range, into: &input)
        } else if let width = data.type.width {
            input.add(.slot(slot(of: data), width: width))
        } else if data.type == .integer {
            error("a number in this list needs a width: write for example 8w1", at: data.range)
        } else {
            collect(stored(data), data.type, at: data.range, into: &input)
        }
    }

    private func collect(_ place: Storage, _ type: P4Type, at range: SourceRange, into input: inout HashInput) {
        switch place {
        case .field(.fixed(let header), let field): input.add(.header(header, offset: field.offset, width: field.width))
        case .varbit(.fixed(let header)): input.add(.varbit(header))
        case .header(.fixed(let header)):
            for field in headers[header].fields {
                input.add(
                    field.isVarbit
                        ? .varbit(header) : .header(header, offset: field.bitOffset, width: field.width))
            }
        case .members(let members):
            for (member, inner) in zip(members, type.members ?? []) { collect(member, inner, at: range, into: &input) }
        case .stack(let index):
            for position in 0..<stacks[index].count {
                collect(.header(.fixed(stacks[index].first + position)), type, at: range, into: &input)
            }
        case .slots(let slot): input.add(.slot(slot, width: width(of: type)))
        case .field(.slot, let field):
            let slot = frame.allocate(width: field.width)
            load(place, width: field.width, into: slot, at: range)
            input.add(.slot(slot, width: field.width))
        case .known(let expression): collect(expression, into: &input)
        default: unsupported("this in the input of a checksum", at: range)
        }
    }

    private func algorithm(_ expression: TypedExpression?) -> HashAlgorithm? {
        guard let expression else { return nil }
        guard let name = memberName(expression) else {
            error("the algorithm must be known at compile time", at: expression.range)
            return nil
        }
        switch name {
        case "crc32": return .crc32
        case "crc32_custom": return .crc32Custom
        case "crc16": return .crc16
        case "crc16_custom": return .crc16Custom
        case "random": return .random
        case "identity": return .identity
        case "csum16": return .csum16
        case "xor16": return .xor16
        default:
            unsupported("the algorithm '\(name)'", at: expression.range)
            return nil
        }
    }

    /// `hash(result, algorithm, base, data, max)`
    func lowerHash(_ call: TypedCall) {
        guard call.arguments.count == 5, let result = call.arguments[0], let base = call.arguments[2],
            let data = call.arguments[3], let limit = call.arguments[4], let algorithm = algorithm(call.arguments[1])
        else { return }
        let (first, range) = (slot(of: base), slot(of: limit))
        feed(data, payload: false)
        writeResult(to: result) { slot in
            code.emit(
                .hashRange, width: width(of: result.type), a: slot, b: first, c: range, d: Int(algorithm.rawValue))
        }
    }

    /// `verify_checksum` and `update_checksum` (condition, data, checksum, algorithm): nothing if the condition is
    /// false; a checksum in a header that isn't valid is left alone.
    func lowerChecksum(_ call: TypedCall, isUpdate: Bool, payload: Bool) {
        guard section == (isUpdate ? .computeChecksum : .verifyChecksum) else {
            return error(
                "this is allowed in the control that \(isUpdate ? "computes" : "verifies") checksums only",
                at: call.range)
        }
        guard call.arguments.count == 4, let condition = call.arguments[0], let data = call.arguments[1],
            let checksum = call.arguments[2], let algorithm = algorithm(call.arguments[3])
        else { return }
        let end = code.makeLabel()
        branch(on: condition, when: false, to: end)
        withTemporaries {
            if case .field(.fixed(let header), _)? = storage(of: checksum), !isValidity(condition, of: header) {
                let valid = frame.allocate(width: 1)
                code.emit(.isValid, a: valid, b: header)
                code.branch(.branchIfZero, b: valid, to: end)
            }
            let width = width(of: checksum.type)
            feed(data, payload: payload)
            let value = frame.allocate(width: width)
            code.emit(.hashEnd, width: width, a: value, d: Int(algorithm.rawValue))
            if isUpdate {
                if let place = storage(of: checksum) { store(value, width: width, in: place, at: checksum.range) }
            } else {
                code.branch(.branchIfEqual, width: width, b: value, c: slot(of: checksum), to: end)
                copy(constantSlot(1), to: StandardMetadata.checksumError.slot, width: 1)
            }
        }
        code.place(end)
    }

    private func isValidity(_ condition: TypedExpression, of header: Int) -> Bool {
        switch condition.kind {
        case .call(let call):
            guard case .header(.isValid, let base) = call.callee, case .header(.fixed(header))? = storage(of: base)
            else {
                return false
            }
            return true
        case .binary(.and, let left, let right): return isValidity(left, of: header) || isValidity(right, of: header)
        default: return false
        }
    }
}
