// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import P4Compiler
import PacketScripts
import SwitchEngine
import SwitchIR
import Testing

/// A program of `Tests/Fixtures/p4/run` with the packets it is to be given: `NAME.p4` and `NAME.stf`.
struct PacketFixture: Sendable, CustomTestStringConvertible {
    let name: String

    static let repository = String(
        #filePath.split(separator: "/Tests/", maxSplits: 1, omittingEmptySubsequences: false)[0])
    static let folder = repository + "/Tests/Fixtures/p4/run"

    var testDescription: String { name }
    var programPath: String { "\(Self.folder)/\(name).p4" }
    var scriptPath: String { "\(Self.folder)/\(name).stf" }

    /// All programs of the folder; an empty folder is one fixture that fails, so that it cannot pass unseen.
    static let all: [PacketFixture] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let names = files.filter { $0.hasSuffix(".p4") }.map { String($0.dropLast(3)) }.sorted()
        return (names.isEmpty ? ["(this folder holds no programs)"] : names).map(PacketFixture.init)
    }()

    func compile() -> CompilationResult {
        Compiler.compile(
            CompilerOptions(file: programPath, systemIncludeDirectory: Self.repository + "/p4/include"))
    }
}

@Suite struct PacketTests {
    @Test(arguments: PacketFixture.all)
    func answersEveryPacketAsTheLanguageHasIt(_ fixture: PacketFixture) throws {
        let result = fixture.compile()
        #expect(result.messages == "")
        let program = try #require(result.program)
        let script = try String(contentsOfFile: fixture.scriptPath, encoding: .utf8)
        #expect(script.contains("expect"))
        let failures = PacketScript(script, file: fixture.name + ".stf").run(on: program)
        #expect(failures.map(\.description) == [])
    }

    @Test func noticesAnAnswerThatIsWrong() throws {
        let fixture = PacketFixture(name: "loops")
        let program = try #require(fixture.compile().program)
        let script = PacketScript("packet 0 01 05 0000\nexpect 1 01 05 000B $\n", file: "wrong.stf")
        #expect(script.run(on: program).count == 1)
    }
}
