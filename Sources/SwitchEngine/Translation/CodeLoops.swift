// SPDX-License-Identifier: Apache-2.0

import SwitchIR

/// Which jumps backwards can be part of a loop: only those need to be counted.
///
/// Two instructions are in one loop if each can be reached from the other: the strongly connected components of the flow
/// graph (Tarjan's algorithm, with a stack of its own). A table may run any action, and an action may return to any
/// place that runs actions, so that it may see a loop that cannot happen, but misses none.
struct CodeLoops {
    private let program: SwitchProgram
    /// Stands for all returns from actions.
    private let returns: Int
    private let places: [Int]
    private var component: [Int]
    private var order: [Int]
    private var lowest: [Int]
    private var open: [Int] = []
    private var count = 0

    init(_ program: SwitchProgram) {
        self.program = program
        returns = program.code.count
        places = program.code.indices.filter {
            (program.code[$0].opcode == .apply || program.code[$0].opcode == .call) && $0 + 1 < program.code.count
        }.map { $0 + 1 }
        component = Array(repeating: -1, count: returns + 1)
        order = component
        lowest = component
        for start in program.code.indices where order[start] < 0 { visit(start) }
    }

    /// Whether code can get from the one instruction to the other and back.
    func contains(_ one: Int, _ other: Int) -> Bool { component[one] == component[other] }

    private func successors(_ node: Int) -> [Int] {
        guard node < returns else { return places }
        let instruction = program.code[node]
        var successors: [Int] = []
        switch instruction.opcode {
        case .ret: return [returns]
        case .apply: successors = program.tables[Int(instruction.d)].actions.map { program.actions[$0.action].entry }
        case .call: successors = [Int(instruction.d)]
        default: if instruction.isBranch { successors = [Int(instruction.d)] }
        }
        if instruction.opcode == .apply {
            successors.append(program.actions[program.tables[Int(instruction.d)].defaultAction.action].entry)
        }
        if !instruction.endsFlow, node + 1 < returns { successors.append(node + 1) }
        return successors
    }

    private mutating func enter(_ node: Int) -> (node: Int, pending: [Int]) {
        order[node] = count
        lowest[node] = count
        count += 1
        open.append(node)
        return (node, successors(node))
    }

    private mutating func visit(_ start: Int) {
        var path = [enter(start)]
        while let node = path.last?.node {
            if let next = path[path.count - 1].pending.popLast() {
                if order[next] < 0 {
                    path.append(enter(next))
                } else if component[next] < 0 {
                    lowest[node] = min(lowest[node], order[next])
                }
                continue
            }
            path.removeLast()
            if let caller = path.last?.node { lowest[caller] = min(lowest[caller], lowest[node]) }
            if lowest[node] == order[node] { close(node) }
        }
    }

    private mutating func close(_ node: Int) {
        while let member = open.popLast() {
            component[member] = node
            if member == node { return }
        }
    }
}
