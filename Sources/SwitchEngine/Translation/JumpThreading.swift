// SPDX-License-Identifier: Apache-2.0

import SwitchIR

/// Leads jumps and branches past what follows them without a decision: other jumps, and branches whose outcome the
/// branch itself has decided. Nothing else about a program changes.
struct JumpThreading {
    /// Bounds the search: code may jump to itself.
    private static let longestChain = 64

    private let program: SwitchProgram

    /// The code of `program` with its branches led to where they end up.
    static func code(of program: SwitchProgram) -> [Instruction] {
        let threading = JumpThreading(program: program)
        return program.code.map { instruction in
            guard instruction.isBranch else { return instruction }
            var instruction = instruction
            instruction.d = threading.destination(of: instruction)
            return instruction
        }
    }

    private func destination(of branch: Instruction) -> UInt32 {
        var target = branch.d
        for _ in 0..<Self.longestChain {
            let next = program.code[Int(target)]
            if next.opcode == .jump {
                target = next.d
            } else if let isTaken = outcome(of: next, after: branch) {
                target = isTaken ? next.d : target + 1
            } else {
                break
            }
        }
        return target
    }

    /// Whether `next` is taken when `branch` just was; nil if that depends on the packet.
    private func outcome(of next: Instruction, after branch: Instruction) -> Bool? {
        switch (branch.opcode, next.opcode) {
        case (.branchIfZero, .branchIfZero), (.branchIfNotZero, .branchIfNotZero): branch.b == next.b ? true : nil
        case (.branchIfZero, .branchIfNotZero), (.branchIfNotZero, .branchIfZero): branch.b == next.b ? false : nil
        case (.branchIfNotEqual, .branchIfNotEqual): comparesTheSame(branch, next) ? true : nil
        case (.branchIfNotEqual, .branchIfEqual): comparesTheSame(branch, next) ? false : nil
        case (.branchIfEqual, .branchIfEqual):
            comparesTheSame(branch, next) ? true : excludes(branch, next) ? false : nil
        case (.branchIfEqual, .branchIfNotEqual):
            comparesTheSame(branch, next) ? false : excludes(branch, next) ? true : nil
        default: nil
        }
    }

    private func comparesTheSame(_ one: Instruction, _ other: Instruction) -> Bool {
        (one.b, one.c) == (other.b, other.c) || (one.b, one.c) == (other.c, other.b)
    }

    /// Whether both compare a slot with constants, and with different ones.
    private func excludes(_ one: Instruction, _ other: Instruction) -> Bool {
        guard one.b == other.b, let first = constant(one.c), let second = constant(other.c) else { return false }
        return first != second
    }

    private func constant(_ slot: UInt16) -> UInt64? {
        let place = Int(slot) - program.frame.localsEnd
        return place >= 0 ? program.frame.constants[place] : nil
    }
}
