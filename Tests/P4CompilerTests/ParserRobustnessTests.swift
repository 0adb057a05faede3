// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import P4Compiler

/// Whatever the text, the compiler says something about it and ends.
@Suite struct ParserRobustnessTests {
    private static let fixtures = ["grammar", "accept", "reject"].flatMap(ProgramFixture.all)
    private static let variantsPerFixture = 40

    private func parseInPlace(_ bytes: [UInt8], of fixture: ProgramFixture) -> Diagnostics {
        let diagnostics = Diagnostics()
        let original = fixture.source
        let source = ProgramSource(
            file: original.file, loader: { $0 == original.file ? bytes : original.loader($0) },
            systemIncludeDirectory: original.systemIncludeDirectory)
        let program = parseProgram(source, into: diagnostics)
        #expect(program.nodeCount >= program.declarations.count)
        #expect(diagnostics.hasErrors == diagnostics.rendered().contains("error: "))
        return diagnostics
    }

    private func tokens(of fixture: ProgramFixture) throws -> (bytes: [UInt8], tokens: [Token]) {
        let bytes = try #require(ProgramFixture.load(fixture.path))
        let diagnostics = Diagnostics()
        let file = diagnostics.sources.add(name: fixture.name, bytes: bytes)
        var lexer = Lexer(file: file, diagnostics: diagnostics)
        var tokens: [Token] = []
        while true {
            let token = lexer.next()
            if token.kind == .endOfFile { return (bytes, tokens) }
            tokens.append(token)
        }
    }

    @Test(arguments: fixtures) func programsCutAnywhereAreRefusedOrRead(_ fixture: ProgramFixture) throws {
        let (bytes, tokens) = try tokens(of: fixture)
        for index in stride(from: 0, to: tokens.count, by: max(1, tokens.count / Self.variantsPerFixture)) {
            let token = tokens[index]
            _ = parseInPlace(Array(bytes[..<Int(token.range.end)]), of: fixture)
            // In the middle of the token, too.
            _ = parseInPlace(Array(bytes[..<Int((token.range.start + token.range.end) / 2)]), of: fixture)
        }
    }

    @Test(arguments: fixtures) func damagedProgramsAreRefusedOrRead(_ fixture: ProgramFixture) throws {
        let (_, tokens) = try tokens(of: fixture)
        var random = Generator(state: 0x5EED)
        for _ in 0..<Self.variantsPerFixture {
            var damaged = tokens
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: damaged.indices, using: &random)
                let other = Int.random(in: damaged.indices, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: damaged.remove(at: index)
                case 1: damaged.insert(damaged[other], at: index)
                case 2: damaged.swapAt(index, other)
                default: damaged[index] = damaged[other]
                }
            }
            let text = damaged.map { $0.kind == .newline ? "\n" : $0.text }.joined(separator: " ")
            _ = parseInPlace(Array(text.utf8), of: fixture)
        }
    }

    @Test func randomBytesAreRefused() {
        var random = Generator(state: 1)
        for _ in 0..<200 {
            let bytes = (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(parseInPlace(bytes, of: ProgramFixture(folder: "accept", name: "random")).hasErrors)
        }
    }

    @Test(
        "nesting without end is refused in one message",
        arguments: [
            ("const bit<8> a = ", "("), ("const bit<8> a = ", "-"), ("const bit<8> a = ", "{"),
            ("const bit<8> a = ", "f("), ("const bit<8> a = ", "a["), ("const bit<8> a = ", "(bit<8>)"),
            ("const bit<8> a = ", "1 ? "), ("const bit<8> a = ", "1 ? 2 : "), ("const bit<8> a = ", "f<bit<("),
            ("const bit<8> a = 1", " + 1"), ("const bit<8> a = b", ".c"), ("const bit<8> a = b", "(1)"),
            ("const bit<8> a = b", "[1]"), ("const bit<8> a = b", "[1:0]"), ("const bit<8> a = 1", " == 1 + 1"),
            ("const ", "tuple<"), ("const ", "bit<("), ("const T", "[1]"), ("const T", "<T"),
            ("action a() { ", "{"), ("action a() { ", "if (b) "), ("action a() { ", "if (b) { } else "),
            ("action a() { ", "for (;b;) "), ("action a() { ", "switch (b) { 1: { "), ("T() x = { ", "T() x = { "),
        ]) func deepNesting(_ start: String, _ level: String)
    {
        let (_, diagnostics) = parse(start + String(repeating: level, count: level == "(" ? 100_000 : 10_000))
        #expect(diagnostics.errorCount == 1)
    }

    @Test(arguments: ["@a ", "@a(", "@a[", "typedef ", "typedef @x ", ";", "}", "{", "struct ", "control c(", "<", "."])
    func repetitionEnds(_ text: String) {
        let (_, diagnostics) = parse(String(repeating: text, count: 10_000))
        #expect(diagnostics.hasErrors == (text != ";"))
        #expect(diagnostics.errorCount <= diagnostics.errorLimit)
    }

    @Test func ordinaryDepthIsFine() {
        let sum = (0..<500).map(String.init).joined(separator: " + ")
        let parentheses = String(repeating: "(", count: 100) + "1" + String(repeating: ")", count: 100)
        let chain = (0..<200).map { "if (b == \($0)) { b = 1; }" }.joined(separator: " else ")
        let (_, diagnostics) = parse("const bit<8> a = \(sum) + \(parentheses);\naction c(inout bit<8> b) { \(chain) }")
        #expect(diagnostics.rendered() == "")
    }
}

/// A small repeatable source of random numbers.
private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state ^ state >> 33) &* 0xFF51_AFD7_ED55_8CCD
    }
}
