// SPDX-License-Identifier: Apache-2.0

import SwitchProgram

/// Makes the code the loop runs from a checked program's code: the same operations, fewer of them.
///
/// Operands that an operation does not use say what was found out here:
///
/// - Fields that follow each other in a header and are hashed one after the other are one `hashField`. Where all
///   that is hashed is whole 16-bit words for an Internet checksum, `c` is `summed`: they are added up where they
///   lie, and not collected. An IPv4 checksum is then two runs of bytes and not nine shifts and masks.
/// - Headers that follow each other and are emitted one after the other are one `emit`; `d` is how many more there are.
/// - A branch on an `isValid` just before it is part of that; `c` says when it is taken, `d` is its target.
/// - The `c` of a `storeField` is its number of bytes, if it is 1, 2, 4 or 6 whole ones.
struct CodeLinker {
    /// The `c` of a `hashField` or `hashVarbit` that adds to the sum.
    static let summed: UInt16 = 1
    /// The `c` of an `isValid` that jumps if the header is not valid, and of one that jumps if it is.
    static let jumpIfInvalid: UInt16 = 1
    static let jumpIfValid: UInt16 = 2

    private(set) var code: [Instruction] = []
    /// For each old index the new one.
    private var moved: [Int] = []

    init(_ program: SwitchProgram) {
        let targets = Self.targets(of: program)
        for (index, instruction) in program.code.enumerated() {
            let instruction = Self.prepared(instruction)
            if !targets.contains(index), let last = code.last, let merged = Self.merge(last, instruction) {
                moved.append(code.count - 1)
                code[code.count - 1] = merged
            } else {
                moved.append(code.count)
                code.append(instruction)
            }
        }
        for index in code.indices where Self.isJump(code[index]) {
            code[index].d = UInt32(moved[Int(code[index].d)])
        }
        let newTargets = Set(targets.map { moved[$0] })
        for index in code.indices where code[index].opcode == .hashBegin { markSum(from: index, newTargets) }
    }

    func index(of old: Int) -> Int { moved[old] }

    func moved(_ entries: EntryPoints) -> EntryPoints {
        EntryPoints(
            parser: moved[entries.parser], verifyChecksum: moved[entries.verifyChecksum],
            ingress: moved[entries.ingress], egress: moved[entries.egress],
            computeChecksum: moved[entries.computeChecksum], deparser: moved[entries.deparser])
    }

    /// The instruction with the operands that it does not use set to what they mean here.
    private static func prepared(_ instruction: Instruction) -> Instruction {
        var instruction = instruction
        switch instruction.opcode {
        case .hashField, .hashVarbit: instruction.c = 0
        case .emit: instruction.d = 0
        case .isValid: (instruction.c, instruction.d) = (0, 0)
        case .storeField:
            let isWhole = instruction.d % 8 == 0 && [8, 16, 32, 48].contains(instruction.width)
            instruction.c = isWhole ? instruction.width / 8 : 0
        default: break
        }
        return instruction
    }

    /// Marks the fields from `hashBegin` to a `csum16` if nothing else comes between. A varbit field, whose length
    /// may be odd, can only be the last.
    private mutating func markSum(from begin: Int, _ targets: Set<Int>) {
        var end = begin + 1
        while code.indices.contains(end), !targets.contains(end), code[end].opcode == .hashField,
            code[end].d % 8 == 0, code[end].width % 16 == 0
        {
            end += 1
        }
        if code.indices.contains(end), !targets.contains(end), code[end].opcode == .hashVarbit { end += 1 }
        guard code.indices.contains(end), !targets.contains(end), code[end].opcode == .hashEnd,
            code[end].d == HashAlgorithm.csum16.rawValue
        else { return }
        for index in begin + 1..<end { code[index].c = Self.summed }
    }

    private static func isJump(_ instruction: Instruction) -> Bool {
        switch instruction.opcode {
        case .jump, .call, .branchIfZero, .branchIfNotZero, .branchIfEqual, .branchIfNotEqual, .branchIfMaskedNotEqual:
            true
        case .isValid: instruction.c != 0
        default: false
        }
    }

    private static func targets(of program: SwitchProgram) -> Set<Int> {
        var targets = Set(program.actions.map(\.entry))
        let starts = program.entries
        targets.formUnion([
            starts.parser, starts.verifyChecksum, starts.ingress, starts.egress, starts.computeChecksum,
            starts.deparser,
        ])
        for instruction in program.code where isJump(prepared(instruction)) { targets.insert(Int(instruction.d)) }
        return targets
    }

    private static func merge(_ first: Instruction, _ second: Instruction) -> Instruction? {
        var merged = first
        switch (first.opcode, second.opcode) {
        case (.hashField, .hashField):
            guard first.b == second.b, second.d == first.d + UInt32(first.width),
                Int(first.width) + Int(second.width) <= Int(UInt16.max)
            else { return nil }
            merged.width += second.width
        case (.emit, .emit):
            guard UInt32(second.a) == UInt32(first.a) + first.d + 1 else { return nil }
            merged.d += 1
        case (.isValid, .branchIfZero), (.isValid, .branchIfNotZero):
            guard first.c == 0, second.b == first.a else { return nil }
            merged.c = second.opcode == .branchIfZero ? Self.jumpIfInvalid : Self.jumpIfValid
            merged.d = second.d
        default: return nil
        }
        return merged
    }
}
