// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SwitchIR
import Testing

@testable import P4Compiler

@Suite struct CompilationTests {
    @Test(arguments: ProgramFixture.all(in: "accept"))
    func compilesWithoutAnyMessage(_ fixture: ProgramFixture) {
        let diagnostics = Diagnostics()
        let program = Compiler.compile(fixture.source, into: diagnostics)
        #expect(diagnostics.rendered() == "")
        #expect(program != nil)
    }

    @Test(arguments: 1...6, [0, 1000])
    func compilesTheTelemetryProgram(level: Int, period: Int) {
        let result = Compiler.compile(
            CompilerOptions(
                file: ProgramFixture.repository + "/p4/INT.p4", defines: ["COLLECT_SIZE=\(level)", "FREQ=\(period)"],
                systemIncludeDirectory: ProgramFixture.repository + "/p4/include"))
        #expect(result.messages == "")
        #expect(result.program != nil)
    }
}
