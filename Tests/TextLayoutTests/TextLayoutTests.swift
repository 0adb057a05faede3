// SPDX-License-Identifier: Apache-2.0

import Testing
import TextLayout

@Suite struct TextLayoutTests {
    @Test func alignsWithoutCutting() {
        #expect("ab".leftAligned(4) == "ab  ")
        #expect("ab".rightAligned(4) == "  ab")
        #expect("abcde".leftAligned(4) == "abcde")
        #expect(String.blanks(-1).isEmpty)
    }

    @Test func wrapsAtBlanksAndLineEnds() {
        #expect("one two\nthree unbreakable".wrapped(8) == ["one two", "three", "unbreakable"])
    }

    @Test func columnsAreAsWideAsTheirWidestCell() {
        let table = TextTable([.left("name"), .right("count", width: 6), .left("why")], rows: [["a", "10", ""]])
        #expect(table.lines == ["name   count  why", "a         10"])
    }

    @Test func aTableWithoutHeadingsHasNoHeadingLine() {
        #expect(TextTable([.left(), .right()], rows: [["a", "1"], ["bcd", "22"]]).lines == ["a     1", "bcd  22"])
    }

    @Test func controlCharactersAreShownAndColoursKept() {
        #expect("a\u{1B}]0;x\u{7}\u{9B}31mb\tc\n".visible == "a\\x1b]0;x\\x07\\x9b31mb\tc\n")
        #expect("plain é".visible == "plain é")
        #expect("\u{1B}[1;31mx\u{1B}[0m\u{1B}[2Jy\u{1B}".withoutCommands == "\u{1B}[1;31mx\u{1B}[0m\\x1b[2Jy\\x1b")
    }

    @Test func paintsOnlyColouredText() {
        #expect(TextStyle.plain.paint("x", .red) == "x")
        #expect(TextStyle.colored.paint("x", .bold, .red) == "\u{1B}[1;31mx\u{1B}[0m")
        #expect(TextStyle.colored.paint("", .red).isEmpty)
    }
}
