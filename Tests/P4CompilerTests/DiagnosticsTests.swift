// SPDX-License-Identifier: Apache-2.0

import Testing
import TextLayout

@testable import P4Compiler

@Suite struct DiagnosticsTests {
    private func file(_ text: String, _ diagnostics: Diagnostics) -> FileID {
        diagnostics.sources.add(name: "main.p4", bytes: Array(text.utf8)).id
    }

    @Test func aRangeIsUnderlinedBelowItsLine() {
        let diagnostics = Diagnostics()
        let file = file("first\n\tlét foo = 3;\nlast", diagnostics)
        diagnostics.error(
            "no such name", at: SourceRange(file: file, start: 12, end: 15),
            notes: [.init("look here", at: SourceRange(file: file, start: 0, end: 5))])
        #expect(
            diagnostics.rendered() == """
                main.p4:2:6: error: no such name
                    \tlét foo = 3;
                    \t    ^~~
                main.p4:1:1: note: look here
                    first
                    ^~~~~

                """)
    }

    @Test func aRangeOfSeveralLinesIsUnderlinedInItsFirst() {
        let diagnostics = Diagnostics()
        let file = file("a bc\nde\r\n", diagnostics)
        diagnostics.warning("long", at: SourceRange(file: file, start: 2, end: 8))
        diagnostics.error("at the end", at: SourceRange(file: file, start: 7, end: 7))
        diagnostics.error("beyond", at: SourceRange(file: file, start: 900, end: 999))
        #expect(
            diagnostics.rendered() == """
                main.p4:1:3: warning: long
                    a bc
                      ^~
                main.p4:2:3: error: at the end
                    de
                      ^
                main.p4:3:1: error: beyond

                """)
    }

    @Test func colourIsTheCallersChoice() {
        let diagnostics = Diagnostics()
        let file = file("x", diagnostics)
        diagnostics.error("red", at: SourceRange(file: file, start: 0, end: 1))
        #expect(!diagnostics.rendered().contains("\u{1B}"))
        #expect(diagnostics.rendered(.colored).contains("\u{1B}[1;31merror:\u{1B}[0m red"))
    }

    @Test func messagesAreSortedAndKeptOnce() {
        let diagnostics = Diagnostics()
        let file = file("one\ntwo\n", diagnostics)
        let late = SourceRange(file: file, start: 4, end: 7)
        diagnostics.error("late", at: late)
        diagnostics.error("early", at: SourceRange(file: file, start: 0, end: 3))
        diagnostics.error("late", at: late)
        diagnostics.warning("also late", at: late)
        #expect(diagnostics.summary == ["1:1: early", "2:1: late", "2:1: warning: also late"])
        #expect(diagnostics.errorCount == 2 && diagnostics.warningCount == 1 && diagnostics.hasErrors)
    }

    @Test func afterManyErrorsTheRestIsCounted() {
        let diagnostics = Diagnostics(errorLimit: 3)
        let file = file("0123456789", diagnostics)
        for offset in 0..<5 { diagnostics.error("bad", at: SourceRange(file: file, start: offset, end: offset + 1)) }
        #expect(diagnostics.isFull && diagnostics.errorCount == 5 && diagnostics.all.count == 3)
        #expect(diagnostics.rendered().hasSuffix("error: too many errors, only the first 3 are shown\n"))
    }

    @Test func theParserStopsAfterTooManyErrors() {
        let (_, diagnostics) = parse(String(repeating: "const bit<8> x = ;\n", count: 1000))
        #expect(diagnostics.errorCount == 50)
    }

    @Test func presumedLinesAreTold() {
        let (_, diagnostics) = parse("#line 10 \"real.p4\"\nconst bit<8> a = ;\n# 7\n\nconst bit<8> b = ;\n")
        let places = diagnostics.sorted.map { diagnostics.sources.place(of: $0.range) }
        #expect(places.map { "\($0.file):\($0.line)" } == ["real.p4:10", "real.p4:8"])
    }
}
