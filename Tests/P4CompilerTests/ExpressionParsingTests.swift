// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import P4Compiler

@Suite struct ExpressionParsingTests {
    /// The expression as a constant's value, among a few declared types and functions.
    private func read(_ text: String, location: SourceLocation = #_sourceLocation) -> String {
        let declarations = """
            typedef bit<8> T; struct S<X> { X x; } extern Obj<X> { Obj(bit<8> n); } enum E { m } error { Bad }
            extern T fn<X>(in X x); const T a = 1; const T b = 2; const T c = 3;

            """
        let (program, diagnostics) = parse(declarations + "const T it = \(text);")
        #expect(diagnostics.rendered() == "", sourceLocation: location)
        guard case .constant(_, let value)? = program.declarations.last?.kind else { return "no constant" }
        return TreeText.of(value)
    }

    @Test(
        "operators bind as the language says",
        arguments: [
            ("1 + 2 * 3", "(1 + (2 * 3))"), ("1 - 2 - 3", "((1 - 2) - 3)"), ("1 * 2 / 3 % 4", "(((1 * 2) / 3) % 4)"),
            ("a & b == c", "((a & b) == c)"), ("a | b ^ c & 1", "(a | (b ^ (c & 1)))"),
            ("a & 1 << 2", "(a & (1 << 2))"), ("a << 1 + 2", "(a << (1 + 2))"), ("a >> 1 >> 2", "((a >> 1) >> 2)"),
            ("a ++ b ++ c", "((a ++ b) ++ c)"), ("a ++ b + c |+| 1 |-| 2", "((((a ++ b) + c) |+| 1) |-| 2)"),
            ("a < b == c > 1", "((a < b) == (c > 1))"), ("a <= b != c >= 1", "((a <= b) != (c >= 1))"),
            ("a || b && c || 1", "((a || (b && c)) || 1)"), ("a == 1 && b != 2", "((a == 1) && (b != 2))"),
            ("!a && ~b == -c", "((!a) && ((~b) == (-c)))"), ("- - a + + b", "((-(-a)) + (+b))"),
            ("a ? b : c ? 1 : 2", "(a ? b : (c ? 1 : 2))"), ("a || b ? 1 : 2", "((a || b) ? 1 : 2)"),
            ("a ? b ? 1 : 2 : 3", "(a ? (b ? 1 : 2) : 3)"), ("-a.x[3:0]", "(-a.x[3:0])"),
            ("(a + b) * c", "((a + b) * c)"), ("a[b + 1]", "a[(b + 1)]"), ("a[b +: 4]", "a[b+:4]"),
            ("a[b + c +: 4]", "a[(b + c)+:4]"), ("a[b ? 1 : 2 : 0]", "a[(b ? 1 : 2):0]"),
        ]) func precedence(_ text: String, _ tree: String)
    {
        #expect(read(text) == tree)
    }

    @Test(
        "what a name is decides how it is read",
        arguments: [
            ("(T) a", "cast<T>(a)"), ("(a) - b", "(a - b)"), ("(T) - b", "cast<T>((-b))"),
            ("(T)(a) + b", "(cast<T>(a) + b)"),
            ("(bit<8>) a + b", "(cast<bit<8>>(a) + b)"), ("(bit<(1 + 2)>) a", "cast<bit<(1 + 2)>>(a)"),
            ("(S<bit<8>>) { x = 1 }", "cast<S<bit<8>>>({x=1})"), ("(Undeclared) a", "cast<Undeclared>(a)"),
            ("(undeclared) + a", "(undeclared + a)"), ("(T)(bit<16>)-1", "cast<T>(cast<bit<16>>((-1)))"),
            ("!(T) a", "(!cast<T>(a))"), ("(error.Bad)", "type:error.Bad"), ("(E.m == E.m)", "(type:E.m == type:E.m)"),
            ("E.m", "type:E.m"), (".E.m", "type:.E.m"), ("error.Bad", "type:error.Bad"), (".a", ".a"),
            ("fn<T>(a)", "fn<T>(a)"), ("fn<bit<8>>(a)", "fn<bit<8>>(a)"), ("fn < a > (b)", "((fn < a) > b)"),
            ("fn<_>(a)", "fn<_>(a)"), ("fn<Undeclared>(a)", "fn<Undeclared>(a)"),
            ("fn<S<S<T>>>(a)", "fn<S<S<T>>>(a)"), ("a < b", "(a < b)"), ("a < (T) b", "(a < cast<T>(b))"),
            ("a.x<T>(b)", "a.x<T>(b)"), ("a.x < b", "(a.x < b)"), ("Obj<T>(3)", "type:Obj<T>(3)"),
            ("Obj<T>(3).get()", "type:Obj<T>(3).get()"), ("Obj(n = 3)", "type:Obj(n=3)"),
            ("fn(a < b, c > (b))", "fn((a < b), (c > b))"), ("fn(_, x = a)", "fn(_, x=a)"),
            ("a < 1 << 2", "(a < (1 << 2))"), ("(tuple<T, bool>) { 1, true }", "cast<tuple<T, bool>>({1, true})"),
            ("{ 1, { x = 2, ... }, ... }", "{1, {x=2, ...}, ...}"), ("{}", "{}"), ("{...}", "{...}"), ("{#}", "{#}"),
        ]) func names(_ text: String, _ tree: String)
    {
        #expect(read(text) == tree)
    }

    @Test func innerDeclarationsHideOuterTypes() {
        let (program, diagnostics) = parse(
            """
            typedef bit<8> T;
            action act(bit<8> T, bit<8> b) { b = (T) + b; b = T < b ? b : T; T = 1; }
            action other(T b) { b = (T) + b; T c = b; }
            """)
        #expect(diagnostics.rendered() == "")
        guard case .action(let act) = program.declarations[1].kind,
            case .action(let other) = program.declarations[2].kind,
            case .assignment(_, _, let sum) = act.body.statements[0].kind,
            case .assignment(_, _, let cast) = other.body.statements[0].kind
        else {
            Issue.record("the actions were not read")
            return
        }
        #expect(TreeText.of(sum) == "(T + b)")
        #expect(TreeText.of(cast) == "cast<T>((+b))")
        #expect(other.body.statements.count == 2)
    }

    @Test func setsStandAmongKeysOnly() {
        expectMessages(
            "const bit<8> a = 1 1️⃣&&& 2;\nconst bit<8> b = { 1 2️⃣.. 2 };\nconst bit<8> c = 3️⃣_;",
            "'&&&' makes a set, which may only stand among keys", "'..' makes a set, which may only stand among keys",
            "'_' must be an argument or a key of its own")
    }

    @Test func rangesCoverWhatWasWritten() {
        let text = "const bit<8> it = (1 + 2) * foo.bar(3)[4:0];"
        let (program, diagnostics) = parse(text)
        guard case .constant(_, let value) = program.declarations[0].kind,
            case .binary(_, let left, let right) = value.kind
        else {
            Issue.record("no product")
            return
        }
        let sources = diagnostics.sources
        #expect(sources.text(of: program.declarations[0].range) == text)
        #expect(sources.text(of: value.range) == "(1 + 2) * foo.bar(3)[4:0]")
        #expect(sources.text(of: left.range) == "(1 + 2)")
        #expect(sources.text(of: right.range) == "foo.bar(3)[4:0]")
    }

    @Test func everyNodeHasItsOwnID() {
        let (program, _) = parse("const bit<8> a = 1 + 2 * f(3, 4);")
        guard case .constant(_, let value) = program.declarations[0].kind else { return }
        var pending = [value]
        var ids: [NodeID] = []
        while let next = pending.popLast() {
            ids.append(next.id)
            pending += next.kind.children
        }
        #expect(ids.count == 8)
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { $0.index < program.nodeCount })
    }
}
