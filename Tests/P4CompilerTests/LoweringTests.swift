// SPDX-License-Identifier: Apache-2.0

import SwitchIR
import Testing

@testable import P4Compiler

@Suite struct LoweringTests {
    @Test(arguments: ProgramFixture.all(in: "lowering"))
    func makesThisCode(_ fixture: ProgramFixture) throws {
        let diagnostics = Diagnostics()
        let program = Compiler.compile(fixture.source, into: diagnostics)
        #expect(diagnostics.rendered() == "")
        let text = ProgramFixture.load(fixture.path).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let code = try #require(program).disassembly { place in
            place.file == "\(fixture.name).p4" ? String(lines[place.line - 1]) : nil
        }
        // The core library is named by its path on this machine.
        fixture.compareWithGolden(code.replacing(ProgramFixture.repository + "/", with: ""))
    }

    @Test func putsEveryPartOfTheProgramWhereTheSchemasSay() throws {
        let fixture = ProgramFixture(folder: "run", name: "tables")
        let diagnostics = Diagnostics()
        let source = ProgramSource(
            file: fixture.path, loader: ProgramFixture.load,
            systemIncludeDirectory: ProgramFixture.repository + "/p4/include")
        let program = try #require(Compiler.compile(source, into: diagnostics))
        let table = try #require(program.tables.first { $0.name == "I.exact_" })
        #expect(table.keys.map(\.name) == ["hdr.request.key", "other"])
        #expect(table.keys.map(\.match) == [.exact, .exact])
        #expect(table.keys.map(\.width) == [32, 16])
        #expect(
            table.actions.map { program.actions[$0.action].name } == [
                "I.answer", "I.answer_both", "I.leave", "I.maybe", "NoAction",
            ])
        #expect(table.actions.map(\.isDefaultOnly) == [false, false, false, false, true])
        let prefixes = try #require(program.tables.first { $0.name == "I.lpm_" })
        #expect(prefixes.isDefaultConstant && prefixes.areEntriesConstant)
        #expect(
            prefixes.entries.map(\.keys) == [
                [.lpm(BitString(0x0A00_0000, width: 32), prefixLength: 8)],
                [.lpm(BitString(0x0A0A_0000, width: 32), prefixLength: 16)],
                [.lpm(BitString(0x0A0A_0A0A, width: 32), prefixLength: 32)],
            ])
        let ranked = try #require(program.tables.first { $0.name == "I.ranked" })
        #expect(ranked.entries.map(\.priority) == [21, 1, 11])
        #expect(!ranked.areEntriesConstant && ranked.size == 1024)
        #expect(program.headers.last?.fields.isEmpty == true)
        for action in program.actions {
            #expect(action.parameters.allSatisfy { program.frame.metadataEnd..<program.frame.localsEnd ~= $0.slot })
        }
    }
}

@Suite struct CompilerRobustnessTests {
    /// Programs with words missing, doubled or swapped end in a program or in messages.
    @Test(arguments: ProgramFixture.all(in: "run"))
    func survivesDamagedPrograms(_ fixture: ProgramFixture) throws {
        let bytes = try #require(ProgramFixture.load(fixture.path))
        var words = String(decoding: bytes, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
        let first = try #require(words.firstIndex { $0.contains("header") })
        for round in 0..<24 {
            let undamaged = words
            let (here, there) = (
                first + (round * 7919) % (words.count - first), first + (round * 104_729) % (words.count - first)
            )
            switch round % 3 {
            case 0: words.remove(at: here)
            case 1: words.swapAt(here, there)
            default: words[here] = words[there]
            }
            let text = Array(words.joined(separator: " ").utf8)
            let diagnostics = Diagnostics()
            let source = ProgramSource(
                file: fixture.path, loader: { $0 == fixture.path ? text : ProgramFixture.load($0) },
                systemIncludeDirectory: ProgramFixture.repository + "/p4/include")
            let program = Compiler.compile(source, into: diagnostics)
            #expect((program == nil) == diagnostics.hasErrors)
            words = undamaged
        }
    }
}
