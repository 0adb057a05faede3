// SPDX-License-Identifier: Apache-2.0

/// The parts of a program and what follows each, so that most `end`s can be linked to where they lead.
///
/// An `end` that only one part reaches leads to the part after it, or ends the run. Where code is shared, or may run
/// as an action, and where the parser may be run alone, an `end` leads where the executor keeps it when it runs.
package struct PipelineParts {
    /// What runs when a part has ended.
    package enum Follower: Equatable {
        case part(Int)
        /// `leaveEgress`, which may go on with a part.
        case leave
        case nothing
    }

    /// One of the program's six parts: parser, controls, deparser.
    package struct Part {
        /// Its first instruction.
        package let entry: Int
        /// What runs after it.
        package let follower: Follower
        /// Whether something in it asks `Flow` where to go on.
        package fileprivate(set) var needsFlow = false
    }

    /// By the instruction they begin with; parts that do nothing are left out.
    package private(set) var parts: [Int: Part] = [:]
    /// The first part that runs when a packet arrives; nil if none of them does anything.
    package let arrival: Int?
    /// The egress control; nil if it does nothing.
    package let egress: Int?
    /// The first part that runs after egress; nil if none of them does anything.
    package let rewriting: Int?
    /// For an `end` that leads to one place only, the part it belongs to.
    package private(set) var owners: [Int: Int] = [:]

    /// Finds the parts of a checked program.
    package init(_ program: SwitchProgram) {
        let starts = program.entries
        func kept(_ entries: [Int]) -> [Int] { entries.filter { program.code[$0].opcode != .end } }
        let arriving = kept([starts.parser, starts.verifyChecksum, starts.ingress])
        let rewriters = kept([starts.computeChecksum, starts.deparser])
        arrival = arriving.first
        rewriting = rewriters.first
        egress = kept([starts.egress]).first
        for chain in [arriving, rewriters] {
            for (place, entry) in chain.enumerated() {
                let next = place + 1 < chain.count ? Follower.part(chain[place + 1]) : .nothing
                parts[entry] = Part(entry: entry, follower: next)
            }
        }
        if let egress { parts[egress] = Part(entry: egress, follower: .leave) }
        let runsParserAlone = program.code.contains { $0.opcode == .cloneIngress }
        findOwners(program, dynamic: runsParserAlone ? starts.parser : nil)
    }

    private mutating func findOwners(_ program: SwitchProgram, dynamic: Int?) {
        let calls = program.code.filter { $0.opcode == .call }.map { Int($0.d) }
        let inActions = Self.reachable(from: program.actions.map(\.entry) + calls, in: program)
        var reached: [Int: Set<Int>] = [:]
        var uses: [Int: Int] = [:]
        for entry in parts.keys {
            let code = Self.reachable(from: [entry], in: program)
            reached[entry] = code
            for index in code { uses[index, default: 0] += 1 }
        }
        for (entry, code) in reached {
            for index in code {
                let instruction = program.code[index]
                guard instruction.opcode == .end else {
                    if instruction.mayEnd(at: index) { parts[entry]?.needsFlow = true }
                    continue
                }
                if uses[index] != 1 || inActions.contains(index) || entry == dynamic {
                    parts[entry]?.needsFlow = true
                } else {
                    owners[index] = entry
                }
            }
        }
    }

    /// Instructions that may run from these on, without what they call.
    private static func reachable(from starts: [Int], in program: SwitchProgram) -> Set<Int> {
        var found: Set<Int> = []
        var pending = starts
        while var index = pending.popLast() {
            while index < program.code.count, found.insert(index).inserted {
                let instruction = program.code[index]
                if instruction.isBranch { pending.append(Int(instruction.d)) }
                if instruction.endsFlow { break }
                index += 1
            }
        }
        return found
    }
}

extension Instruction {
    /// Whether it may go on at instruction `d`, other than by a call.
    package var isBranch: Bool {
        switch opcode {
        case .jump, .branchIfZero, .branchIfNotZero, .branchIfEqual, .branchIfNotEqual, .branchIfMaskedNotEqual: true
        default: false
        }
    }

    /// Whether the next instruction is never reached from this one.
    package var endsFlow: Bool {
        switch opcode {
        case .jump, .ret, .end, .rejectParse: true
        default: false
        }
    }

    /// Whether it may end a part of the pipeline, comes back from elsewhere, or counts a turn.
    fileprivate func mayEnd(at index: Int) -> Bool {
        switch opcode {
        case .apply, .call, .ret, .extract, .extractAt, .extractVariable, .extractVariableAt, .advance, .lookahead,
            .lookaheadWide, .verify, .rejectParse, .stackNext, .assert:
            true
        default: isBranch && d <= index
        }
    }
}
