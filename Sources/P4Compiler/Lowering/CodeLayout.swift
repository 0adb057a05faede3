// SPDX-License-Identifier: Apache-2.0

import SwitchIR

/// Puts pending instructions into their final order: jumps go straight to where they lead in the end, what is
/// never reached and jumps to the next instruction are gone.
struct CodeLayout {
    private var code: [CodeBuffer.Pending]
    /// Index of each jump's target in the pending code.
    private var targets: [Int?]
    private var isKept: [Bool]
    private let buffer: CodeBuffer

    init(_ buffer: CodeBuffer, roots: [Label]) {
        self.buffer = buffer
        // Labels after the last instruction need an instruction to refer to.
        var padded = buffer
        padded.emit(.end)
        code = padded.code
        targets = code.map { $0.target.map(buffer.position) }
        isKept = Array(repeating: false, count: code.count)
        threadJumps()
        keepReachable(from: roots.map(buffer.position))
        dropIdleJumps()
    }

    /// Lets jumps to jumps go to where those lead, and puts an `end` or `ret` in the place of a jump to one.
    private mutating func threadJumps() {
        for index in code.indices {
            guard var target = targets[index] else { continue }
            var hops = 0
            while code[target].opcode == .jump, let next = targets[target], hops < 32 {
                target = next
                hops += 1
            }
            targets[index] = target
            if code[index].opcode == .jump, [.end, .ret].contains(code[target].opcode) {
                code[index].opcode = code[target].opcode
                targets[index] = nil
            }
        }
    }

    private mutating func keepReachable(from roots: [Int]) {
        var pending = roots
        while var index = pending.popLast() {
            while index < code.count, !isKept[index] {
                isKept[index] = true
                if let target = targets[index] { pending.append(target) }
                if code[index].opcode.endsFlow { break }
                index += 1
            }
        }
    }

    private mutating func dropIdleJumps() {
        var changed = true
        while changed {
            changed = false
            for index in code.indices where isKept[index] && code[index].opcode == .jump {
                guard let target = targets[index], target > index else { continue }
                if !isKept[(index + 1)..<target].contains(true) {
                    isKept[index] = false
                    changed = true
                }
            }
        }
    }

    /// For each pending instruction, the index of the first kept one at or after it.
    private var finalIndices: [Int] {
        var next = 0
        return isKept.map { kept in
            defer { if kept { next += 1 } }
            return next
        }
    }

    /// The final instructions, the range each came from, and where labels ended up.
    func finish(_ frame: FramePlan) -> (code: [Instruction], ranges: [SourceRange], place: (Label) -> Int) {
        let indices = finalIndices
        var instructions: [Instruction] = []
        var ranges: [SourceRange] = []
        for (index, pending) in code.enumerated() where isKept[index] {
            instructions.append(
                Instruction(
                    pending.opcode, width: pending.width, a: frame.resolve(pending.a), b: frame.resolve(pending.b),
                    c: frame.resolve(pending.c), d: targets[index].map { indices[$0] } ?? pending.d))
            ranges.append(pending.range)
        }
        let buffer = buffer
        return (instructions, ranges, { indices[buffer.position(of: $0)] })
    }
}
