// SPDX-License-Identifier: Apache-2.0

import SwitchProgram

/// Makes the code the loop runs from a checked program's code.
///
/// Fields that follow each other in a header and are hashed one after the other become one operation: an
/// IPv4 checksum is then two runs of bytes and not nine shifts and masks. Targets move accordingly. Where all
/// that is hashed is whole 16-bit words for an Internet checksum, they are added up where they lie.
struct CodeLinker {
    /// The `c` of a `hashField` that adds to the sum.
    static let summed: UInt16 = 1

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
        for index in code.indices where code[index].opcode == .hashField { code[index].c = 0 }
        let newTargets = Set(targets.map { moved[$0] })
        for index in code.indices where code[index].opcode == .hashBegin { markSum(from: index, newTargets) }
    }

    /// Marks the fields from `hashBegin` to a `csum16` if nothing else comes between.
    private mutating func markSum(from begin: Int, _ targets: Set<Int>) {
        var end = begin + 1
        while code.indices.contains(end), !targets.contains(end), code[end].opcode == .hashField,
            code[end].d % 8 == 0, code[end].width % 16 == 0
        {
            end += 1
        }
        guard code.indices.contains(end), !targets.contains(end), code[end].opcode == .hashEnd,
            code[end].d == HashAlgorithm.csum16.rawValue
        else { return }
        for index in begin + 1..<end { code[index].c = Self.summed }
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
