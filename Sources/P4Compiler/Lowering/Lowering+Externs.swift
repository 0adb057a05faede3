// SPDX-License-Identifier: Apache-2.0

import BigInt
import SwitchIR

/// Extern functions and objects of v1model.
extension Lowering {
    func lower(_ function: ExternFunctionSymbol, _ call: TypedCall, result: Storage?) {
        withTemporaries {
            switch function.name {
            case "verify": lowerVerify(call)
            case "mark_to_drop": lowerMarkToDrop(call)
            case "hash": lowerHash(call)
            case "verify_checksum": lowerChecksum(call, isUpdate: false, payload: false)
            case "verify_checksum_with_payload": lowerChecksum(call, isUpdate: false, payload: true)
            case "update_checksum": lowerChecksum(call, isUpdate: true, payload: false)
            case "update_checksum_with_payload": lowerChecksum(call, isUpdate: true, payload: true)
            case "clone", "clone_preserving_field_list": lowerClone(call)
            case "resubmit_preserving_field_list": lowerAgain(call, .resubmit, in: .ingress)
            case "recirculate_preserving_field_list": lowerAgain(call, .recirculate, in: .egress)
            case "truncate":
                if let length = call.arguments[0] { code.emit(.truncate, b: slot(of: length)) }
            case "random": lowerRandom(call)
            case "log_msg": lowerLog(call)
            case "assert", "assume": lowerAssertion(call, named: function.name)
            default: unsupported("the extern function '\(function.name)'", at: call.range)
            }
        }
    }

    func lower(
        _ method: ExternMethodSymbol, of receiver: TypedExpression, _ call: TypedCall, result: Storage?, type: P4Type
    ) {
        if case .extern(let symbol, _) = receiver.type, symbol.name == "packet_in" || symbol.name == "packet_out" {
            return lower(packetMethod: method.name, call, result: result, type: type)
        }
        withTemporaries {
            switch (object(of: receiver), method.name) {
            case (.register(let index, let width)?, "read"): lowerRead(register: index, width, call)
            case (.register(let index, let width)?, "write"): lowerWrite(register: index, width, call)
            case (.counter(let index)?, "count"):
                if let position = call.arguments[0] { code.emit(.count, a: slot(of: position), d: index) }
            case (.directCounter?, "count"):
                // The engine counts at every hit of the table.
                break
            case (.meter(let index)?, "execute_meter"):
                guard let position = call.arguments[0], let colour = call.arguments[1] else { return }
                let element = slot(of: position)
                writeResult(to: colour, keepsOld: true) { code.emit(.meter, a: $0, b: element, d: index) }
            case (.directMeter(_, let slot)?, "read"):
                guard let colour = call.arguments[0] else { return }
                writeResult(to: colour) { copy(slot, to: $0, width: width(of: colour.type)) }
            case (nil, _):
                if !diagnostics.hasErrors { unsupported("this object", at: receiver.range) }
            default: unsupported("the method '\(method.name)' of \(receiver.type)", at: call.range)
            }
        }
    }

    /// Lets an instruction write its result into the place of an `out` argument. With `keepsOld` the instruction may
    /// also leave it alone.
    func writeResult(to target: TypedExpression, keepsOld: Bool = false, _ emit: (Slot) -> Void) {
        withTemporaries {
            let width = width(of: target.type)
            if case .ignored = target.kind { return emit(frame.allocate(width: width)) }
            if let part = slicedSlots(target) {
                let slot = frame.allocate(width: width)
                if keepsOld { evaluate(target, into: slot) }
                emit(slot)
                return insert(slot, into: part)
            }
            guard let place = storage(of: target) else { return unsupported("this as a result", at: target.range) }
            if case .slots(let slot) = place { return emit(slot) }
            let slot = frame.allocate(width: width)
            if keepsOld { load(place, width: width, into: slot, at: target.range) }
            emit(slot)
            store(slot, width: width, in: place, at: target.range)
        }
    }

    private func lowerRead(register index: Int, _ width: Int, _ call: TypedCall) {
        guard let target = call.arguments[0], let position = call.arguments[1] else { return }
        let element = slot(of: position)
        writeResult(to: target, keepsOld: true) { code.emit(.registerRead, width: width, a: $0, b: element, d: index) }
    }

    private func lowerWrite(register index: Int, _ width: Int, _ call: TypedCall) {
        guard let position = call.arguments[0], let value = call.arguments[1] else { return }
        let element = slot(of: position)
        code.emit(.registerWrite, width: width, a: element, b: slot(of: value), d: index)
    }

    /// Sets egress_spec to the port that drops and mcast_grp to 0, in the structure it is given (v1model).
    private func lowerMarkToDrop(_ call: TypedCall) {
        var place = standardMetadata
        var type: P4Type?
        if let argument = call.arguments.first ?? nil, let given = storage(of: argument) {
            (place, type) = (given, argument.type)
        }
        guard case .members(let members) = place else { return }
        func slot(_ field: StandardMetadata) -> Slot {
            if let index = type?.record?.index(of: field.name), case .slots(let slot) = members[index] { return slot }
            return field.slot
        }
        copy(constantSlot(511), to: slot(.egressSpec), width: StandardMetadata.egressSpec.width)
        copy(constantSlot(0), to: slot(.mcastGrp), width: StandardMetadata.mcastGrp.width)
    }

    private func lowerClone(_ call: TypedCall) {
        guard let kind = call.arguments[0], let session = call.arguments[1] else { return }
        let isIngress: Bool
        switch memberName(kind) {
        case "I2E": isIngress = true
        case "E2E": isIngress = false
        default: return error("the type of a clone must be CloneType.I2E or CloneType.E2E", at: kind.range)
        }
        guard section == (isIngress ? .ingress : .egress) else {
            return error(
                "CloneType.\(isIngress ? "I2E" : "E2E") is allowed in \(isIngress ? "ingress" : "egress") only",
                at: kind.range)
        }
        var list: Int?
        if call.arguments.count > 2, let index = call.arguments[2] {
            guard let number = listNumber(index) else { return }
            list = number
        }
        code.emit(isIngress ? .cloneIngress : .cloneEgress, b: slot(of: session), d: fieldList(list))
    }

    private func listNumber(_ expression: TypedExpression) -> Int? {
        if let number = fold(expression).constant?.number { return Int(exactly: number) }
        error("the number of a field list must be known at compile time", at: expression.range)
        return nil
    }

    private func lowerAgain(_ call: TypedCall, _ opcode: Opcode, in wanted: Section) {
        guard section == wanted else {
            return error(
                "a packet can be \(opcode == .resubmit ? "resubmitted in ingress" : "recirculated in egress") only",
                at: call.range)
        }
        guard let index = call.arguments[0], let number = listNumber(index) else { return }
        code.emit(opcode, d: fieldList(number))
    }

    private func lowerRandom(_ call: TypedCall) {
        guard let target = call.arguments[0], let low = call.arguments[1], let high = call.arguments[2] else { return }
        let width = width(of: target.type)
        guard width <= 64 else { return unsupported("random numbers of more than 64 bits", at: call.range) }
        let (first, last) = (slot(of: low), slot(of: high))
        writeResult(to: target, keepsOld: true) { code.emit(.random, width: width, a: $0, b: first, c: last) }
    }

    private func lowerLog(_ call: TypedCall) {
        guard let text = call.arguments[0], case .string(let format)? = fold(text).constant else {
            return error("the text of log_msg must be known at compile time", at: call.range)
        }
        var arguments: [(slot: Int, width: Int)] = []
        func add(_ value: TypedExpression) {
            if case .list(let elements) = value.kind { return elements.forEach(add) }
            guard value.type.width != nil || value.type == .integer else {
                return unsupported("\(value.type) in log_msg", at: value.range)
            }
            arguments.append((slot: slot(of: value), width: width(of: value.type)))
        }
        if call.arguments.count > 1, let data = call.arguments[1] { add(data) }
        let holes = format.replacing("\\{", with: "").split(separator: "{}", omittingEmptySubsequences: false).count - 1
        if holes != arguments.count {
            return error("log_msg has \(holes) {} and \(counted(arguments.count, "value"))", at: call.range)
        }
        messages.append(LogMessage(format: format, arguments: arguments))
        code.emit(.log, d: messages.count - 1)
    }

    private func lowerAssertion(_ call: TypedCall, named name: String) {
        guard let condition = call.arguments[0] else { return }
        let place = diagnostics.sources.place(of: call.range)
        let text = diagnostics.sources.text(of: condition.range)
        messages.append(LogMessage(format: "\(place.file):\(place.line): \(name)(\(text)) is false", arguments: []))
        code.emit(.assert, b: slot(of: condition), d: messages.count - 1)
    }
}
