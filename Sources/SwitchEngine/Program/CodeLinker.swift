// SPDX-License-Identifier: Apache-2.0

import SwitchProgram

/// Makes the code the loop runs from a checked program's code.
///
/// Fields that follow each other in a header and are hashed one after the other become one operation: an
/// IPv4 checksum is then two copies of a few bytes and not nine shifts and masks. Targets move accordingly.
struct CodeLinker {
    private(set) var code: [Instruction] = []
    /// For each old index the new one.
    private var moved: [Int] = []

    init(_ program: SwitchProgram) {
        let targets = Self.targets(of: program)
        for (index, instruction) in program.code.enumerated() {
            if !targets.contains(index), let last = code.last, let merged = Self.merge(last, instruction) {
                moved.append(code.count - 1)
                code[code.count - 1] = merged
            } else {
                moved.append(code.count)
                code.append(instruction)
            }
        }
        for index in code.indices where Self.isJump(code[index].opcode) {
            code[index].d = UInt32(moved[Int(code[index].d)])
        }
    }

    func index(of old: Int) -> Int { moved[old] }

    func moved(_ entries: EntryPoints) -> EntryPoints {
        EntryPoints(
            parser: moved[entries.parser], verifyChecksum: moved[entries.verifyChecksum],
            ingress: moved[entries.ingress], egress: moved[entries.egress],
            computeChecksum: moved[entries.computeChecksum], deparser: moved[entries.deparser])
    }

    private static func isJump(_ opcode: Opcode) -> Bool {
        switch opcode {
        case .jump, .call, .branchIfZero, .branchIfNotZero, .branchIfEqual, .branchIfNotEqual, .branchIfMaskedNotEqual:
            true
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
        for instruction in program.code where isJump(instruction.opcode) { targets.insert(Int(instruction.d)) }
        return targets
    }

    private static func merge(_ first: Instruction, _ second: Instruction) -> Instruction? {
        guard first.opcode == .hashField, second.opcode == .hashField, first.b == second.b,
            second.d == first.d + UInt32(first.width), Int(first.width) + Int(second.width) <= Int(UInt16.max)
        else { return nil }
        var merged = first
        merged.width += second.width
        return merged
    }
}
