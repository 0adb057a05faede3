// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import P4Compiler

@Suite struct GrammarFixtureTests {
    @Test(arguments: ProgramFixture.all(in: "grammar") + ProgramFixture.all(in: "accept"))
    func parsesWithoutAnyMessage(_ fixture: ProgramFixture) {
        let diagnostics = Diagnostics()
        let program = parseProgram(fixture.source, into: diagnostics)
        #expect(diagnostics.rendered() == "")
        #expect(!program.declarations.isEmpty)
    }

    @Test(arguments: ["20180101", "20200408", "20200701"])
    func readsTheArchitectureInEveryVersion(_ version: String) {
        let diagnostics = Diagnostics()
        let source = ProgramSource(
            file: "main.p4",
            loader: { $0 == "main.p4" ? Array("#include <v1model.p4>\n".utf8) : ProgramFixture.load($0) },
            defines: ["V1MODEL_VERSION=\(version)"],
            systemIncludeDirectory: ProgramFixture.repository + "/p4/include")
        let program = parseProgram(source, into: diagnostics)
        #expect(diagnostics.rendered() == "")
        let register = program.declarations.first { $0.name.text == "register" }
        guard case .externObject(let object)? = register?.kind else {
            Issue.record("v1model.p4 declares no register")
            return
        }
        #expect(object.typeParameters.map(\.name.text) == (version == "20180101" ? ["T"] : ["T", "I"]))
    }

    @Test(arguments: 1...4)
    func parsesTheTelemetryProgramAtEveryLevel(_ level: Int) {
        let diagnostics = Diagnostics()
        let source = ProgramSource(
            file: ProgramFixture.repository + "/p4/INT.p4", loader: ProgramFixture.load,
            defines: ["COLLECT_SIZE=\(level)"], systemIncludeDirectory: ProgramFixture.repository + "/p4/include")
        let program = parseProgram(source, into: diagnostics)
        #expect(diagnostics.rendered() == "")
        #expect(program.declarations.last?.name.text == "main")
    }
}
