// SPDX-License-Identifier: Apache-2.0

import BigInt
import Testing

@testable import P4Compiler

@Suite struct LexerTests {
    private func kinds(_ text: String) -> [String] {
        let diagnostics = Diagnostics()
        let file = diagnostics.sources.add(name: "main.p4", bytes: Array(text.utf8))
        var lexer = Lexer(file: file, diagnostics: diagnostics)
        var texts: [String] = []
        while true {
            let token = lexer.next()
            if token.kind == .endOfFile { break }
            texts.append(token.kind == .newline ? "\\n" : token.text)
        }
        #expect(!diagnostics.hasErrors)
        return texts
    }

    @Test(
        "the longest operator wins",
        arguments: [
            ("a&&&b&&c&d", "a &&& b && c & d"), ("a|+|b|-|c||d|e", "a |+| b |-| c || d | e"),
            ("1..2...", "1 .. 2 ..."), ("a++b+c+=d", "a ++ b + c += d"), ("a<<b<<=c<=d", "a << b <<= c <= d"),
            ("a>>b>=c", "a > > b >= c"), ("x|+|=1|-|=2", "x |+|= 1 |-|= 2"), ("!a!=b", "! a != b"),
            ("_ _a a_", "_ _a a_"), ("{#}", "{ # }"), ("8w255 0x_ff", "8w255 0x_ff"), ("a.b.0", "a . b . 0"),
        ]) func longestOperatorWins(_ text: String, _ expected: String)
    {
        #expect(kinds(text).joined(separator: " ") == expected)
    }

    @Test func commentsAndSplicesAreBlank() {
        #expect(kinds("a/* x\n y */b // c \\\n still\nd") == ["a", "b", "\\n", "d"])
        #expect(kinds("ab\\\ncd \\\r\n ef\r\n") == ["abcd", "ef", "\\n"])
    }

    @Test func placesSurviveSplices() {
        let diagnostics = Diagnostics()
        let file = diagnostics.sources.add(name: "main.p4", bytes: Array("ab\\\ncd ef".utf8))
        var lexer = Lexer(file: file, diagnostics: diagnostics)
        let first = lexer.next()
        let second = lexer.next()
        #expect(first.text == "abcd" && first.range.start == 0 && first.range.end == 6)
        #expect(second.text == "ef" && second.range.start == 7 && second.range.end == 9)
        #expect(diagnostics.sources.place(of: second.range) == SourcePlace(file: "main.p4", line: 2, column: 4))
    }

    @Test(
        arguments: [
            ("0", 0, nil, false), ("1_000", 1000, nil, false), ("0xFf", 255, nil, false), ("0b1_01", 5, nil, false),
            ("0o17", 15, nil, false), ("0d19", 19, nil, false), ("8w255", 255, 8, false), ("8s0x80", 128, 8, true),
            ("32w0b11", 3, 32, false), ("0w0", 0, 0, false), ("007", 7, nil, false),
        ] as [(String, Int, Int?, Bool)]) func integers(_ text: String, _ value: Int, _ width: Int?, _ isSigned: Bool)
        throws
    {
        let literal = try IntegerLiteral.parse(text).get()
        #expect(literal.value == BigInt(value))
        #expect(literal.prefix?.width == width)
        #expect((literal.prefix?.isSigned ?? false) == isSigned)
    }

    @Test func hugeIntegersKeepEveryDigit() throws {
        let text = String(repeating: "9", count: 60)
        #expect(try IntegerLiteral.parse(text).get().value.description == text)
    }

    @Test(arguments: [
        ("12ab", "'a' is not a digit of the base-10 number '12ab'"),
        ("0b12", "'2' is not a digit of the base-2 number '0b12'"),
        ("0x", "the number '0x' has no digits"), ("8w", "the number '8w' has no digits"),
        ("0s1", "a signed number is at least one bit wide"),
        ("99999999999999999999w1", "the width '99999999999999999999' is too large: 65536 at most"),
        ("0x_1", "the number '0x_1' has no digits"),
    ]) func badIntegers(_ text: String, _ message: String) {
        guard case .failure(let problem) = IntegerLiteral.parse(text) else {
            Issue.record("'\(text)' was read as a number")
            return
        }
        #expect(problem.message == message)
    }

    @Test(arguments: [
        (#""plain""#, "plain"), (#""a\"b\\c""#, #"a"b\c"#), (#""\n\t""#, "\n\t"), (#""\{x\}""#, #"\{x\}"#),
        ("\"é→\"", "é→"), (#""""#, ""),
    ]) func strings(_ token: String, _ value: String) {
        #expect(stringValue(ofToken: token) == value)
    }

    @Test func aStringMaySpanLines() {
        #expect(kinds("\"one\ntwo\" x") == ["\"one\ntwo\"", "x"])
    }

    @Test func badTextIsReportedAndSkipped() {
        expectMessages(
            "const bit<8> a = 1️⃣$ 1;\nconst bit<8> b = 2 2️⃣→;\nconst bit<8> c = 3️⃣\u{1} 3;\nconst bit<8> d = 4️⃣1x;",
            "unexpected character '$'", "unexpected character '→'", "unexpected byte 1",
            "'x' is not a digit of the base-10 number '1x'")
    }

    @Test func anUnterminatedStringEndsWithItsLine() {
        expectMessages(
            "const string a = 1️⃣\"never closed;\nconst bit<8> b = 2️⃣;\n", "this string has no end: expected '\"'",
            "expected an expression instead of ';'")
    }

    @Test func anUnterminatedCommentIsReportedWhereItBegins() {
        expectMessages("const bit<8> a = 1;\n1️⃣/* to the end", "this comment has no end: expected '*/'")
    }

    @Test func bytesThatAreNoTextAreReported() {
        let diagnostics = Diagnostics()
        let bytes = Array("const bit<8> a = ".utf8) + [0xFF, 0xFE] + Array("1;".utf8)
        let source = ProgramSource(file: "main.p4", loader: { _ in bytes })
        let program = parseProgram(source, into: diagnostics)
        #expect(diagnostics.errorCount == 2)
        #expect(program.declarations.count == 1)
    }
}
