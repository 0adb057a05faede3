// SPDX-License-Identifier: Apache-2.0

import SwitchIR

/// How many bits the value of each slot can have, by what a program writes to it: a copy to as many bits or more is a
/// plain move.
struct SlotWidths {
    private var widths: [Int]

    init(_ program: SwitchProgram) {
        let frame = program.frame
        widths = Array(repeating: 0, count: frame.slotCount)
        for field in StandardMetadata.allCases { widths[field.slot] = field.width }
        for (place, value) in frame.constants.enumerated() {
            widths[frame.localsEnd + place] = 64 - value.leadingZeroBitCount
        }
        for action in program.actions {
            for parameter in action.parameters { note(parameter.slot, bits: parameter.width) }
        }
        for table in program.tables { if let slot = table.directMeterSlot { note(slot, bits: 64) } }
        for instruction in program.code { note(instruction, program) }
    }

    /// The most bits that a slot's value has.
    subscript(slot: UInt16) -> Int { widths[Int(slot)] }

    /// A value of `bits` bits in a run of slots that begins at `slot`.
    private mutating func note(_ slot: Int, bits: Int) {
        for word in 0..<BitString.wordCount(bits) {
            widths[slot + word] = max(widths[slot + word], min(bits - word * 64, 64))
        }
    }

    private mutating func note(_ i: Instruction, _ program: SwitchProgram) {
        let (a, width) = (Int(i.a), Int(i.width))
        switch i.opcode {
        case .copy, .add, .sub, .mul, .not, .shl, .slice, .loadField, .loadFieldAt, .lookahead, .hashEnd, .hashRange,
            .random:
            note(a, bits: width)
        case .equal, .notEqual, .lessUnsigned, .lessEqualUnsigned, .lessSigned, .lessEqualSigned, .isValid, .isValidAt,
            .equalHeader, .equalWide, .lessUnsignedWide:
            note(a, bits: 1)
        // Whether these have cut their result depends on their operands.
        case .div, .mod, .and, .or, .xor, .neg, .shrUnsigned, .shrSigned, .satAddUnsigned, .satSubUnsigned,
            .satAddSigned, .satSubSigned, .signExtend, .insert, .meter, .stackElement, .stackNext, .stackLast,
            .stackLastIndex:
            note(a, bits: 64)
        case .copyWide, .addWide, .subWide, .andWide, .orWide, .xorWide, .notWide, .shlWide, .shrWide, .sliceWide,
            .loadFieldWide, .loadFieldWideAt, .lookaheadWide:
            note(a, bits: BitString.wordCount(width) * 64)
        case .insertWide: note(a, bits: BitString.wordCount(Int(i.c)) * 64)
        case .registerRead: note(a, bits: program.registers[Int(i.d)].width)
        case .apply:
            note(a, bits: 1)
            note(Int(i.b), bits: 32)
        default: break
        }
    }
}
