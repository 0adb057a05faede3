// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import P4Compiler

@Suite struct PreprocessorTests {
    private func run(
        _ files: [String: String], defines: [String] = [], undefines: [String] = [], include: [String] = [],
        system: String? = nil
    ) -> (text: String, diagnostics: Diagnostics) {
        let diagnostics = Diagnostics()
        let source = ProgramSource(
            file: "main.p4", loader: { files[$0].map { Array($0.utf8) } }, defines: defines, undefines: undefines,
            includeDirectories: include, systemIncludeDirectory: system)
        let tokens = Preprocessor.run(source, into: diagnostics)
        return (tokens.dropLast().map(\.text).joined(separator: " "), diagnostics)
    }

    private func expand(_ text: String, defines: [String] = [], location: SourceLocation = #_sourceLocation) -> String {
        let (text, diagnostics) = run(["main.p4": text], defines: defines)
        #expect(diagnostics.rendered() == "", sourceLocation: location)
        return text
    }

    // MARK: Macros

    @Test(arguments: [
        ("#define A 1 + 2\nA A", "1 + 2 1 + 2"),
        ("#define A B\n#define B C\nA", "C"),
        ("#define A A B\n#define B A\nA", "A A"),
        ("#define F(x) [x]\nF(1) F (2) F\n( 3 ) F;", "[ 1 ] [ 2 ] [ 3 ] F ;"),
        ("#define F(x, y) y x\nF((1, 2), [3)", "[ 3 ( 1 , 2 )"),
        ("#define F() none\nF() F( )", "none none"),
        ("#define F(x) <x>\nF()", "< >"),
        ("#define E\nE a E", "a"),
        ("#define F(x) x\n#define G F(1) F\nG(2)", "1 2"),
        ("#define f(x) x f\nf(1)(2)", "1 f ( 2 )"),
        ("#define F(x) x + F(x)\nF(F(1))", "1 + F ( 1 ) + F ( 1 + F ( 1 ) )"),
        ("#define S(x) #x\nS(a + \"b\\n\"  c) S() S( x )", "\"a + \\\"b\\\\n\\\" c\" \"\" \"x\""),
        ("#define J(a, b) a##b\nJ(x, y) J(8w, 0xF) J(, z) J(z, ) J(<, <)", "xy 8w0xF z z <<"),
        ("#define J(a, b) a ## _ ## b\n#define A no\nJ(A, 1)", "A_1"),
        ("#define X(s) Y(s)\n#define Y(s) #s\n#define N 5\nX(N) Y(N)", "\"5\" \"N\""),
        ("#define V(a, ...) a: __VA_ARGS__;\nV(1, 2, 3) V(1) V(1,)", "1 : 2 , 3 ; 1 : ; 1 : ;"),
        ("#define A 1\n#undef A\n#undef B\nA", "A"),
        ("#define A (1)\nA", "( 1 )"),
        ("#define L 1 \\\n  + 2\nL", "1 + 2"),
        ("# \n#define A /* c */ 1 // d\nA", "1"),
        ("__LINE__\n__LINE__ __FILE__", "1 2 \"main.p4\""),
        ("#line 40 \"other.p4\"\n__LINE__ __FILE__\n__LINE__", "40 \"other.p4\" 41"),
        ("#define EMPTY {#}\nEMPTY", "{ # }"),
    ]) func macrosExpand(_ text: String, _ expected: String) {
        #expect(expand(text) == expected)
    }

    @Test func predefinedNamesAreTheReferenceCompilers() {
        #expect(expand("__p4c__ __p4c_major__ __p4c_version__") == "1 1 \"1.2.4\"")
    }

    @Test func definesComeBeforeTheFirstLineAndCanBeTakenBack() {
        #expect(expand("A B C", defines: ["A", "B=2 + 3", "C="]) == "1 2 + 3")
        let (text, _) = run(["main.p4": "A B"], defines: ["A=1", "B=2"], undefines: ["A"])
        #expect(text == "A 2")
    }

    @Test func callsMaySpanLinesDirectivesAndFiles() {
        let files = [
            "main.p4": "#define F(x, y) [x|y]\nF(1\n#include \"arg\"\n#ifdef F\n3)\n#endif\n", "arg": ",2\n",
        ]
        #expect(run(files).text == "[ 1 | 2 3 ]")
    }

    // MARK: Conditionals

    @Test(arguments: [
        ("1", true), ("0", false), ("UNKNOWN", false), ("1 + 1 == 2", true), ("2 * 3 > 5 && 7 % 4 == 3", true),
        ("defined A", true), ("defined(A) && !defined(B)", true), ("A == 4", true), ("A > B", true),
        ("(1 ? 2 : 0) == 2", true), ("0 || 0 ? 1 : 0", false), ("0x10 == 16 && 010 == 8 && 0b11 == 3", true),
        ("10u == 10UL", true), ("-1 < 0", true), ("~0 == -1", true), ("1 << 3 == 8 && 8 >> 2 == 2", true),
        ("0 && 1 / 0", false), ("1 || 1 / 0", true), ("1 | 2 == 2", true), ("(1 | 2) == 3", true),
        ("6 & 3 ^ 1", true), ("!!!0", true), ("TWICE(2) == 4", true), ("20200408 >= 20180101", true),
        ("1 - 1 - 1 == -1", true), ("7 / 2 * 2 == 6", true), ("- - 1", true), ("0x8000000000000000 / -1 != 3", true),
    ]) func conditionsAreWholeNumberExpressions(_ condition: String, _ isTrue: Bool) {
        let text = "#define A 4\n#define TWICE(x) (x * 2)\n#if \(condition)\nyes\n#else\nno\n#endif"
        #expect(expand(text) == (isTrue ? "yes" : "no"))
    }

    @Test(arguments: [
        ("#if 1\na\n#elif 1\nb\n#else\nc\n#endif", "a"), ("#if 0\na\n#elif 1\nb\n#elif 1\nb2\n#else\nc\n#endif", "b"),
        ("#if 0\na\n#elif 0\nb\n#else\nc\n#endif", "c"), ("#if 0\n#if 1\na\n#else\nb\n#endif\n#else\nc\n#endif", "c"),
        ("#if 1\n#if 0\na\n#else\nb\n#endif\n#else\nc\n#endif d", "b"),
        ("#ifdef X\na\n#elif defined Y\nb\n#else\nc\n#endif", "c"),
        ("#ifndef X\na\n#endif\nb", "a b"),
        ("#if 0\n#error no\n#include \"none\"\n#unknown\n#if $ 'x\n#endif\n#endif\na", "a"),
        ("#if 1\na\n#elif 1 / 0\n#endif", "a"), ("#if 0\n\"never closed\n' /* but comments\n#else */\n#endif\na", "a"),
    ]) func conditionalsChooseOneBranch(_ text: String, _ expected: String) {
        let (found, diagnostics) = run(["main.p4": text])
        #expect(found == expected)
        #expect(!diagnostics.hasErrors, "\(diagnostics.rendered())")
    }

    // MARK: Includes

    @Test func quotedNamesAreSearchedBesideTheFileFirst() {
        let files = [
            "main.p4": "#include \"sub/a.h\"\n#include <b.h>\n#include \"c.h\"\n#include NAMED",
            "sub/a.h": "a\n#include \"b.h\"\n", "sub/b.h": "sub_b", "inc/b.h": "inc_b", "sys/b.h": "sys_b",
            "sys/c.h": "sys_c", "inc/d.h": "inc_d",
        ]
        let (text, diagnostics) = run(files, defines: ["NAMED=<d.h>"], include: ["inc"], system: "sys/")
        #expect(text == "a sub_b inc_b sys_c inc_d")
        #expect(!diagnostics.hasErrors)
    }

    @Test func guardsKeepAFileFromBeingReadTwice() {
        let files = [
            "main.p4": "#include \"g.h\"\n#include \"g.h\"\n#include \"o.h\"\n#include \"o.h\"\n",
            "g.h": "#ifndef G\n#define G\ng\n#endif", "o.h": "#pragma once\no",
        ]
        #expect(run(files).text == "g o")
    }

    @Test func messagesInIncludedFilesTellTheWay() {
        let (_, diagnostics) = parse([
            "main.p4": "#include \"a.h\"\n", "a.h": "\n#include \"b.h\"\n", "b.h": "const bit<8> x = ;",
        ])
        #expect(
            diagnostics.rendered() == """
                in file included from a.h:2:
                in file included from main.p4:1:
                b.h:1:18: error: expected an expression instead of ';'
                    const bit<8> x = ;
                                     ^

                """)
    }

    // MARK: Messages

    @Test func brokenDirectivesAreReported() {
        expectMessages(
            """
            #define1️⃣
            #define 2️⃣1 x
            #define F(a, 3️⃣a) x
            #define G(a 4️⃣b) x
            #define H5️⃣(a
            #define I 6️⃣## x
            7️⃣#nothing
            8️⃣#else
            9️⃣#endif
            """,
            "expected a macro name after '#define'", "'1' cannot be a macro's name",
            "the macro has two parameters 'a'", "expected ',' or ')' instead of 'b'",
            "the macro's parameters lack their ')'", "'##' joins two tokens: it cannot begin or end a macro's body",
            "unknown directive '#nothing'", "'#else' without '#if'", "'#endif' without '#if'")
    }

    @Test func brokenConditionsAreReported() {
        expectMessages(
            """
            #if1️⃣
            #endif
            #if 1 +2️⃣
            #endif
            #if 1 3️⃣2
            #endif
            #if (14️⃣
            #endif
            #if 1 5️⃣/ 0
            #endif
            #if 6️⃣defined(
            #endif
            #if 7️⃣"x"
            #endif
            """,
            "expected a condition after '#if'", "expected a value in the condition", "unexpected '2' in the condition",
            "expected ')' in the condition", "division by zero in the condition",
            "expected 'defined(NAME)' or 'defined NAME'", "expected a whole number instead of \"x\"")
    }

    @Test func unterminatedConditionalsAreReportedWhereTheyBegin() {
        expectMessages("1️⃣#if 1\n2️⃣#ifdef X\n", "'#if' has no '#endif'", "'#ifdef' has no '#endif'")
        expectMessages("#if 1\n#else\n1️⃣#else\n#endif", "'#else' after '#else'")
    }

    @Test func errorAndWarningSayTheirText() {
        expectMessages("1️⃣#error isn't \"this\" bad?\n2️⃣#warning so so\n", "isn't \"this\" bad?", "so so")
    }

    @Test func wrongArgumentsAreReportedAtTheUse() {
        expectMessages(
            "#define F(a, b) a b\n#define Z() z\n1️⃣F(1)\n2️⃣F(1, 2, 3)\n3️⃣Z(1)\n4️⃣F(1, (2",
            "the macro 'F' takes 2 arguments, not 1", "the macro 'F' takes 2 arguments, not 3",
            "the macro 'Z' takes 0 arguments, not 1", "the arguments of the macro 'F' lack their ')'")
    }

    @Test func aSecondMeaningIsWarnedOf() {
        expectMessages("#define A 1\n#define A 1\n#define 1️⃣A 2\n", "the macro 'A' is defined again")
    }

    @Test func missingFilesAreReported() {
        expectMessages(
            "#include 1️⃣\"none.h\"\n#include 2️⃣<none.p4>\n#include3️⃣\n#include 4️⃣none\n",
            "cannot find the file 'none.h' to include", "cannot find the file 'none.p4' to include",
            "expected \"FILE\" or <FILE> after '#include'", "expected \"FILE\" or <FILE> after '#include'")
        let (program, diagnostics) = parse([:])
        #expect(diagnostics.summary == ["1:1: cannot read the file 'main.p4'"])
        #expect(program.declarations.isEmpty)
    }

    @Test func aFileThatIncludesItselfEnds() {
        let (_, diagnostics) = parse("#include \"main.p4\"\n")
        #expect(diagnostics.summary == ["1:10: 'main.p4' is included 64 files deep: does it include itself?"])
    }

    @Test func whatMacrosMakeIsReportedWhereTheyAreUsed() {
        expectMessages(
            "#define BAD 1 +\n#define ID(x) x\nconst bit<8> a = BAD1️⃣;\nconst bit<8> b = ID(2 + 2️⃣;);\n",
            "expected an expression instead of ';'", "expected an expression instead of ';'")
    }

    @Test func joinedTextThatIsNoTokenIsReported() {
        expectMessages("#define J(a, b) a##b\nconst bit<8> a = 1 J(1️⃣+, /) 2;", "'##' makes '+/', which is not a token")
    }

    // MARK: Bounds

    @Test func expansionIsBounded() {
        var text = "#define A0 x x\n"
        for level in 1...40 { text += "#define A\(level) A\(level - 1) A\(level - 1)\n" }
        let (_, diagnostics) = run(["main.p4": text + "A40\n"])
        #expect(diagnostics.summary == ["42:1: macros expand to more than 1000000 tokens"])
        text = "#define F0(x) x x x\n"
        for level in 1...40 { text += "#define F\(level)(x) F\(level - 1)(x x x)\n" }
        #expect(run(["main.p4": text + "F40(1)\n"]).diagnostics.errorCount == 1)
    }

    @Test func nestedCallsAreBounded() {
        let deep = String(repeating: "F(", count: 5000) + "1" + String(repeating: ")", count: 5000)
        let (_, diagnostics) = run(["main.p4": "#define F(x) x\n" + deep])
        #expect(diagnostics.summary == ["2:201: macro calls are nested too deeply"])
        let nested = String(repeating: "(", count: 100_000) + "1"
        #expect(run(["main.p4": "#if \(nested)\n#endif"]).diagnostics.errorCount == 1)
        #expect(run(["main.p4": "#if \(String(repeating: "!", count: 100_000))1\n#endif"]).diagnostics.errorCount == 1)
    }
}
