// SPDX-License-Identifier: Apache-2.0

import ProgramAssembly
import SwitchIR
import Testing

@testable import SwitchEngine

/// Where jumps lead after translation, and which of them count as a loop's.
struct JumpTests {
    private let value: Int
    private let one: Int
    private let two: Int
    private var program: SwitchProgram
    /// The first instruction of the code under test.
    private let start: Int

    init() {
        var p = Assembly()
        p.header("hdr.h", [("a", 8)])
        value = p.local()
        one = p.constant(1)
        two = p.constant(2)
        start = p.code.count
        for _ in 0..<8 { p.op(.end) }
        program = p.program()
    }

    private func threaded(_ code: [Instruction]) -> [Int] {
        var program = program
        for (index, instruction) in code.enumerated() { program.code[start + index] = instruction }
        return JumpThreading.code(of: program)[start..<start + code.count].map { Int($0.d) - start }
    }

    private func branch(_ opcode: Opcode, _ constant: Int, to target: Int) -> Instruction {
        Instruction(opcode, width: 8, b: value, c: constant, d: start + target)
    }

    @Test func aJumpToAJumpLeadsToTheLastOne() {
        let jump = Instruction(.jump, d: start + 4)
        #expect(threaded([Instruction(.jump, d: start + 1), jump])[0] == 4)
    }

    @Test func aJumpToItselfStays() {
        #expect(threaded([Instruction(.jump, d: start)]) == [0])
    }

    @Test func aBranchPassesBranchesThatItHasDecided() {
        let notOne = branch(.branchIfNotEqual, one, to: 5)
        #expect(threaded([branch(.branchIfNotEqual, one, to: 1), notOne])[0] == 5)
        #expect(threaded([branch(.branchIfEqual, one, to: 1), notOne])[0] == 2)
        #expect(threaded([branch(.branchIfEqual, two, to: 1), notOne])[0] == 5)
        #expect(threaded([branch(.branchIfEqual, two, to: 1), branch(.branchIfEqual, one, to: 5)])[0] == 2)
        #expect(threaded([branch(.branchIfNotZero, 0, to: 1), branch(.branchIfZero, 0, to: 5)])[0] == 2)
    }

    @Test func aBranchStopsAtOneThatItHasNotDecided() {
        #expect(threaded([branch(.branchIfNotEqual, two, to: 1), branch(.branchIfNotEqual, one, to: 5)])[0] == 1)
        #expect(threaded([branch(.branchIfNotZero, 0, to: 1), branch(.branchIfEqual, one, to: 5)])[0] == 1)
    }

    @Test func onlyAJumpThatCanComeAgainIsInALoop() {
        var program = program
        // 0 leads to 4, and 4 back to 2, which ends; 5 and 6 lead to each other.
        program.code[start] = Instruction(.jump, d: start + 4)
        program.code[start + 4] = Instruction(.jump, d: start + 2)
        program.code[start + 5] = branch(.branchIfNotEqual, one, to: 7)
        program.code[start + 6] = Instruction(.jump, d: start + 5)
        let loops = CodeLoops(program)
        #expect(!loops.contains(start + 4, start + 2))
        #expect(loops.contains(start + 6, start + 5))
    }

    @Test func aLoopThroughAnActionIsFound() {
        var p = Assembly()
        p.header("hdr.h", [("a", 8)])
        let hit = p.local()
        let action = p.action("act")
        let table = p.table("t", keys: [], actions: [action])
        let start = p.code.count
        p.op(.apply, a: hit, b: hit, d: table)
        p.op(.jump, d: start)
        let loops = CodeLoops(p.program())
        #expect(loops.contains(start + 1, start))
    }
}
