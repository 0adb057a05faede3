// SPDX-License-Identifier: Apache-2.0

extension SwitchProgram {
    /// The instructions with the source line they come from, each line once above its instructions.
    ///
    /// `source` gives the text of a line, or nil if it is not at hand. A slot is written `m3` (metadata), `l3`
    /// (local) or as its constant; a run as its first slot.
    public func disassembly(source: (SourceLine) -> String? = { _ in nil }) -> String {
        var text = ""
        var shown: SourceLine?
        for (index, instruction) in code.enumerated() {
            for mark in marks(at: index) {
                text += "\(mark):\n"
                shown = nil
            }
            let line = locations[index]
            if line != shown {
                let quoted = source(line).map { ": " + $0.drop { $0 == " " || $0 == "\t" } } ?? ""
                text += "  ; \(line.file):\(line.line)\(quoted)\n"
                shown = line
            }
            text +=
                "  \(String(repeating: " ", count: max(0, 4 - String(index).count)))\(index)  \(describe(instruction))\n"
        }
        return text
    }

    private func marks(at index: Int) -> [String] {
        let parts: [(String, Int)] = [
            ("parser", entries.parser), ("verify checksums", entries.verifyChecksum), ("ingress", entries.ingress),
            ("egress", entries.egress), ("compute checksums", entries.computeChecksum),
            ("deparser", entries.deparser),
        ]
        return parts.filter { $0.1 == index }.map(\.0)
            + actions.filter { $0.entry == index }.map { "action \($0.name)" }
    }

    /// One instruction in words, e.g. `add.8 l4 ← l3, 255`.
    public func describe(_ instruction: Instruction) -> String {
        let operation = instruction.width == 0 ? "\(instruction.opcode)" : "\(instruction.opcode).\(instruction.width)"
        let operands = operands(of: instruction)
        return operands.isEmpty ? operation : "\(operation) \(operands)"
    }

    private func slot(_ index: UInt16) -> String {
        let index = Int(index)
        if index < StandardMetadata.allCases.count { return StandardMetadata.allCases[index].name }
        if index < frame.metadataEnd { return "m\(index)" }
        if index < frame.localsEnd { return "l\(index)" }
        let constant = index - frame.localsEnd
        return constant < frame.constants.count ? "#\(frame.constants[constant])" : "?\(index)"
    }

    private func header(_ index: UInt16) -> String {
        Int(index) < headers.count ? headers[Int(index)].name : "?\(index)"
    }

    /// A field by its name, or the bits if they are not one field.
    private func field(_ header: UInt16, _ instruction: Instruction) -> String {
        let (offset, width) = (Int(instruction.d), Int(instruction.width))
        guard Int(header) < headers.count else { return "?\(header)" }
        let fields = headers[Int(header)].fields
        if let field = fields.first(where: { $0.bitOffset == offset && $0.width == width && !$0.isVarbit }) {
            return "\(self.header(header)).\(field.name)"
        }
        return "\(self.header(header))[\(offset) ..< \(offset + width)]"
    }

    private func operands(of i: Instruction) -> String {
        switch i.opcode {
        case .copy, .copyWide, .not, .notWide, .neg: "\(slot(i.a)) ← \(slot(i.b))"
        case .add, .sub, .mul, .div, .mod, .and, .or, .xor, .shl, .shrUnsigned, .shrSigned, .satAddUnsigned,
            .satSubUnsigned, .satAddSigned, .satSubSigned, .equal, .notEqual, .lessUnsigned, .lessEqualUnsigned,
            .lessSigned, .lessEqualSigned, .addWide, .subWide, .andWide, .orWide, .xorWide, .shlWide, .shrWide,
            .equalWide, .lessUnsignedWide, .random, .hashRange:
            "\(slot(i.a)) ← \(slot(i.b)), \(slot(i.c))"
        case .signExtend: "\(slot(i.a)) ← \(slot(i.b)) from \(i.d) bits"
        case .slice, .sliceWide: "\(slot(i.a)) ← \(slot(i.b)) from bit \(i.d)"
        case .insert, .insertWide: "\(slot(i.a)) at bit \(i.d) ← \(slot(i.b))"
        case .loadField, .loadFieldWide: "\(slot(i.a)) ← \(field(i.b, i))"
        case .storeField, .storeFieldWide: "\(field(i.a, i)) ← \(slot(i.b))"
        case .loadFieldAt, .loadFieldWideAt: "\(slot(i.a)) ← header [\(slot(i.b))] bit \(i.d)"
        case .storeFieldAt, .storeFieldWideAt: "header [\(slot(i.a))] bit \(i.d) ← \(slot(i.b))"
        case .isValid: "\(slot(i.a)) ← \(header(i.b))"
        case .setValid, .setInvalid, .extract, .emit: header(i.a)
        case .setValidAt, .setInvalidAt, .extractAt: "header [\(slot(i.a))]"
        case .copyHeader: "\(header(i.a)) ← \(header(i.b))"
        case .copyHeaderAt: "header [\(slot(i.a))] ← header [\(slot(i.b))]"
        case .equalHeader: "\(slot(i.a)) ← \(header(i.b)), \(header(i.c))"
        default: rareOperands(of: i)
        }
    }

    private func rareOperands(of i: Instruction) -> String {
        let stack = Int(i.d) < stacks.count ? stacks[Int(i.d)].name : "?"
        return switch i.opcode {
        case .isValidAt: "\(slot(i.a)) ← header [\(slot(i.b))]"
        case .stackElement: "\(slot(i.a)) ← \(stack)[\(slot(i.b))]"
        case .stackNext, .stackLast, .stackLastIndex: "\(slot(i.a)) ← \(stack)"
        case .stackAdvance: stack
        case .pushFront, .popFront: "\(stack) by \(i.b)"
        case .extractVariable: "\(header(i.a)), \(slot(i.b)) bits"
        case .extractVariableAt: "header [\(slot(i.a))], \(slot(i.b)) bits"
        case .advance, .truncate: slot(i.b)
        case .lookahead, .lookaheadWide: "\(slot(i.a)) ← bit \(i.d)"
        case .verify: "\(slot(i.b)), \(slot(i.c))"
        case .rejectParse: Int(i.d) < errors.count ? errors[Int(i.d)] : "\(i.d)"
        case .jump, .call: "\(i.d)"
        case .branchIfZero, .branchIfNotZero: "\(slot(i.b)) → \(i.d)"
        case .branchIfEqual, .branchIfNotEqual: "\(slot(i.b)), \(slot(i.c)) → \(i.d)"
        case .branchIfMaskedNotEqual: "\(slot(i.b)) & \(slot(i.a)), \(slot(i.c)) → \(i.d)"
        case .apply: "\(tables[Int(i.d)].name), hit \(slot(i.a)), action \(slot(i.b))"
        case .registerRead: "\(slot(i.a)) ← \(registers[Int(i.d)].name)[\(slot(i.b))]"
        case .registerWrite: "\(registers[Int(i.d)].name)[\(slot(i.a))] ← \(slot(i.b))"
        case .count: "\(counters[Int(i.d)].name)[\(slot(i.a))]"
        case .meter: "\(slot(i.a)) ← \(meters[Int(i.d)].name)[\(slot(i.b))]"
        case .hashField: field(i.b, i)
        case .hashVarbit: header(i.b)
        case .hashSlot: slot(i.b)
        case .hashEnd: "\(slot(i.a)) ← \(algorithm(i.d))"
        case .cloneIngress, .cloneEgress: "session \(slot(i.b)), list \(i.d)"
        case .resubmit, .recirculate: "list \(i.d)"
        case .log: "message \(i.d)"
        case .assert: "\(slot(i.b)), message \(i.d)"
        default: ""
        }
    }

    private func algorithm(_ number: UInt32) -> String {
        HashAlgorithm(rawValue: number).map { "\($0)" } ?? "\(number)"
    }
}
