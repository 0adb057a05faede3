// SPDX-License-Identifier: Apache-2.0

import SwitchIR

/// Makes the code the loop runs from a checked program's code.
///
/// Each instruction becomes an operation with its widths, offsets and distances worked out; those that often stand
/// together, and that nothing jumps between, become one (`Translator+Fusion.swift`). What one of them leaves in a slot
/// it leaves there as part of another, so nothing need be known of who reads it. Jumps are led past other jumps first
/// (`JumpThreading`). A jump back that can be part of a loop goes by a `jumpBack` after the code, which alone counts
/// turns. The six parts of a program are chained to two: what runs on arrival and
/// what runs on departure; empty parts are left out.
struct Translator {
    /// Where the engine may begin.
    struct Entries: Sendable {
        /// The parser alone; only programs that clone what came in run it.
        var parser = 0
        /// Parser, checksum verification, ingress.
        var arrival = 0
        /// Egress; then, unless `leaveEgress` stops, checksum update and deparser.
        var departure = 0
        /// Checksum update and deparser.
        var rewriting = 0
    }

    /// With its jumps threaded, if they are.
    let program: SwitchProgram
    let layout: ContextLayout
    let keepsOriginal: Bool
    let widths: SlotWidths
    private let loops: CodeLoops
    let parts: PipelineParts
    /// Instructions that something jumps to.
    let branchTargets: Set<Int>
    private(set) var code: [Operation] = [Operation(.stop)]
    /// Instructions that are run as they are.
    private(set) var rareCode: [Instruction] = []
    private(set) var entries = Entries()
    /// For each instruction the operation it became, or a part of.
    private var operationIndex: [Int] = []
    /// For operations that branch, the instruction they lead to.
    private var targets: [(operation: Int, instruction: Int, source: Int)] = []
    /// The instruction that is being translated.
    private var current = 0
    /// For each part, by its first instruction, the operation it begins with.
    private var starts: [Int: Int] = [:]

    /// - Parameter joins: whether jumps are threaded, and frequent pairs of operations become one.
    init(_ source: SwitchProgram, layout: ContextLayout, keepsOriginal: Bool, joins: Bool) {
        var program = source
        if joins { program.code = JumpThreading.code(of: source) }
        self.program = program
        self.layout = layout
        self.keepsOriginal = keepsOriginal
        widths = SlotWidths(program)
        loops = CodeLoops(program)
        parts = PipelineParts(program)
        branchTargets = Self.branchTargets(of: program)
        var index = 0
        while index < program.code.count {
            current = index
            begin(index)
            let start = code.count
            let taken = translateEnd(index) ?? fuse(at: index) ?? translate(at: index)
            for _ in 0..<taken { operationIndex.append(start) }
            index += taken
        }
        resolveTargets()
        resolveParts()
        if joins { joinPairs() }
    }

    private mutating func joinPairs() {
        let codes = code.map(\.code)
        for index in codes.indices.dropLast() { code[index].code = codes[index].joined(with: codes[index + 1]) }
    }

    func index(of instruction: Int) -> Int { operationIndex[instruction] }

    /// An entry point, with an `enter` at its begin already done.
    func entry(_ operation: Int) -> Interpreter.Entry {
        let first = code[operation]
        guard first.code == .enter else { return Interpreter.Entry(start: operation, onEnd: 0) }
        func place(_ distance: UInt32) -> Int {
            operation + Int(Int32(bitPattern: distance)) / MemoryLayout<Operation>.stride
        }
        return Interpreter.Entry(start: place(first.e), onEnd: place(first.d))
    }

    // MARK: Making operations

    mutating func append(_ operation: Operation) { code.append(operation) }

    mutating func append(_ operation: Operation, to instruction: UInt32) {
        targets.append((code.count, Int(instruction), current))
        code.append(operation)
    }

    mutating func appendRare(_ instruction: Instruction) {
        append(Operation(.rare, d: UInt32(rareCode.count)))
        rareCode.append(instruction)
    }

    /// The instructions from `index` on that can become one with it: `count` of them, or fewer if one of them is jumped
    /// to.
    func together(at index: Int, count: Int) -> ArraySlice<Instruction> {
        var end = index + 1
        while end < index + count, end < program.code.count, !branchTargets.contains(end) { end += 1 }
        return program.code[index..<end]
    }

    func isBranchTarget(_ index: Int) -> Bool { branchTargets.contains(index) }

    func header(_ index: UInt16) -> HeaderLayout { program.headers[Int(index)] }

    /// How operations name a header: by the cell of its state.
    func cell(_ header: UInt16) -> UInt16 { layout.cell(ofHeader: header) }

    func isSentinel(_ header: UInt16) -> Bool { Int(header) == program.headers.count - 1 }

    // MARK: Targets

    private static func branchTargets(of program: SwitchProgram) -> Set<Int> {
        let starts = program.entries
        var branchTargets: Set<Int> = [
            starts.parser, starts.verifyChecksum, starts.ingress, starts.egress, starts.computeChecksum,
            starts.deparser,
        ]
        branchTargets.formUnion(program.actions.map(\.entry))
        for instruction in program.code where instruction.isBranch || instruction.opcode == .call {
            branchTargets.insert(Int(instruction.d))
        }
        return branchTargets
    }

    private mutating func resolveTargets() {
        var returns: [Int: Int] = [:]
        for (operation, instruction, source) in targets {
            let target = operationIndex[instruction]
            if let next = next(after: instruction) {
                // A branch to the end of a part goes straight to the next one.
                code[operation].e = distance(from: operation, to: next)
            } else if target > operation || code[operation].code == .call || !loops.contains(source, instruction) {
                code[operation].e = distance(from: operation, to: target)
            } else {
                let back = returns[target] ?? code.count
                if back == code.count {
                    returns[target] = back
                    append(Operation(.jumpBack))
                    code[back].e = distance(from: back, to: target)
                }
                code[operation].e = distance(from: operation, to: back)
            }
        }
    }

    private func distance(from operation: Int, to target: Int) -> UInt32 {
        UInt32(bitPattern: Int32((target - operation) * MemoryLayout<Operation>.stride))
    }

    // MARK: Parts

    /// Marks where a part begins, and lets `Flow` know if something in it will ask.
    private mutating func begin(_ index: Int) {
        guard let part = parts.parts[index] else { return }
        // Code that runs on into a part keeps its own flow.
        if index > 0, part.needsFlow, !program.code[index - 1].endsFlow { append(Operation(.jump), to: UInt32(index)) }
        starts[index] = code.count
        if part.needsFlow { append(Operation(.enter)) }
    }

    /// The start of the part after the one that `instruction` ends, if it does nothing else.
    private func next(after instruction: Int) -> Int? {
        guard let owner = parts.owners[instruction], case .part(let next)? = parts.parts[owner]?.follower else {
            return nil
        }
        return starts[next]
    }

    /// An `end` that leads to one place only; nothing at all if the next part follows in the code.
    private mutating func translateEnd(_ index: Int) -> Int? {
        guard let owner = parts.owners[index], let part = parts.parts[owner] else { return nil }
        switch part.follower {
        case .part(index + 1): break
        case .part: append(Operation(.jump), to: UInt32(index))
        case .leave: append(Operation(.leaveEgress))
        case .nothing: append(Operation(.stop))
        }
        return 1
    }

    private func start(of part: Int?) -> Int { part.flatMap { starts[$0] } ?? 0 }

    private mutating func resolveParts() {
        let rewriting = start(of: parts.rewriting)
        let leave = code.count
        append(Operation(.leaveEgress))
        for index in code.indices where code[index].code == .leaveEgress {
            code[index].e = distance(from: index, to: rewriting)
        }
        for (entry, part) in parts.parts where part.needsFlow {
            let start = start(of: entry)
            code[start].e = distance(from: start, to: start + 1)
            let next =
                switch part.follower {
                case .part(let next): self.start(of: next)
                case .leave: leave
                case .nothing: 0
                }
            code[start].d = distance(from: start, to: next)
        }
        entries.arrival = start(of: parts.arrival)
        entries.departure = parts.egress == nil ? rewriting : start(of: parts.egress)
        entries.rewriting = rewriting
        guard starts[program.entries.parser] != nil else { return }
        entries.parser = code.count
        append(Operation(.enter))
        code[entries.parser].e = distance(from: entries.parser, to: operationIndex[program.entries.parser])
        code[entries.parser].d = distance(from: entries.parser, to: 0)
    }
}
