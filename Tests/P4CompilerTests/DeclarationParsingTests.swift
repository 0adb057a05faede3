// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import P4Compiler

@Suite struct DeclarationParsingTests {
    private func read(_ fixture: String) -> (program: Program, named: [String: Declaration]) {
        let program = parseProgram(ProgramFixture(folder: "grammar", name: fixture).source, into: Diagnostics())
        let named = Dictionary(program.declarations.map { ($0.name.text, $0) }) { first, _ in first }
        return (program, named)
    }

    @Test func annotationsKeepTheirBodies() throws {
        let (_, named) = read("annotations")
        let a = try #require(named["A"]).annotations
        #expect(a.map(\.name.text) == ["command_line", "empty", "single", "text", "free", "nested"])
        try #require(a.count == 6)
        #expect(a[2].expressions.map(TreeText.of) == ["x"])
        guard case .unstructured(let words, let expressions) = a[4].body else {
            Issue.record("free text expected")
            return
        }
        #expect(expressions == nil)
        #expect(words.map(\.text).joined(separator: " ") == "any thing : { goes } ( even , these ) 1 2 3 ; @ x")
        #expect(TreeText.list(a[5].expressions) == "1, \"two\", (a + 3)")
        let b = try #require(named["B"]).annotations
        guard case .keyValues(let values) = b[0].body else {
            Issue.record("keys and values expected")
            return
        }
        #expect(values.map { "\($0.name)=\(TreeText.of($0.value))" } == ["name=\"n\"", "value=(3 + 4)", "ok=true"])
        #expect(TreeText.list(try #require(b["field_list"]).expressions) == "1, 2")
        guard case .structure(let m) = try #require(named["M"]).kind else { return }
        #expect(m.fields[0].annotations.controlPlaneName == "m.a")
        #expect(m.fields[1].annotations["field_list"]?.expressions.count == 2)
    }

    @Test func pragmasAreAnnotationsToTheEndOfTheirLine() throws {
        let (program, diagnostics) = parse("@pragma stage 3 (x\n@pragma alone\nconst bit<8> a = 1;")
        #expect(diagnostics.rendered() == "")
        let annotations = program.declarations[0].annotations
        #expect(annotations.map(\.name.text) == ["stage", "alone"])
        guard case .unstructured(let words, _) = annotations[0].body else {
            Issue.record("free text expected")
            return
        }
        #expect(words.map(\.text) == ["3", "(", "x"])
    }

    @Test func externsTellConstructorsFromMethods() throws {
        let (_, named) = read("types")
        guard case .externObject(let store) = try #require(named["Store"]).kind else { return }
        #expect(store.typeParameters.map(\.name.text) == ["T", "I"])
        #expect(store.methods.map(\.name.text) == ["Store", "Store", "get", "put", "merge", "key"])
        #expect(store.methods.map(\.isConstructor) == [true, true, false, false, false, false])
        #expect(store.methods.map(\.isAbstract) == [false, false, false, false, true, false])
        let put = store.methods[3].prototype
        #expect(put.typeParameters.map(\.name.text) == ["V"])
        #expect(put.parameters.map(\.direction) == [.in, .in, .in])
        #expect(put.parameters[2].annotations.contains("optional"))
        guard case .externFunction(let many) = try #require(named["many"]).kind else { return }
        #expect(many.parameters.map(\.direction) == [.in, .out, .inout, .none])
    }

    @Test func typesKeepTheirShape() throws {
        let (_, named) = read("types")
        guard case .structure(let nested) = try #require(named["nested_t"]).kind else { return }
        #expect(
            nested.fields.map { TreeText.of($0.type) } == [
                "T", "U", "tuple<T, list<U>, error>", "generic_t<bit<8>>[3]", "generic_t<generic_t<bit<8>>>", "bool",
                "int<7>", "error", "match_kind", "string", "either_t[2]", "bit<((8 * 2) + (4 - 1))>",
            ])
        guard case .enumeration(let values) = try #require(named["WithValues"]).kind else { return }
        #expect(values.underlying.map(TreeText.of) == "bit<8>")
        #expect(values.members.map { $0.value.map(TreeText.of) } == ["1", "(1 + 1)", "8w255"])
        guard case .package(let pack) = try #require(named["Pack"]).kind else { return }
        #expect(pack.parameters.map { TreeText.of($0.type) }.prefix(2) == ["ParserType<H>", "ControlType<H, M>"])
        guard case .newType = try #require(named["Port_t"]).kind else {
            Issue.record("Port_t is not a new type")
            return
        }
    }

    @Test func parsersKeepStatesAndSelects() throws {
        let (_, named) = read("parsers")
        guard case .parser(let parser) = try #require(named["P"]).kind else { return }
        #expect(parser.locals.map(\.name.text) == ["IPV4", "count", "types", "pairs", "keys", "sub", "named"])
        #expect(parser.states.map(\.name.text) == ["start", "one", "two", "stack", "three", "four"])
        guard case .select(let subjects, let cases)? = parser.states[1].transition?.target else { return }
        #expect(TreeText.list(subjects) == "h.e.t, b.lookahead<bit<8>>()")
        #expect(
            cases.map { TreeText.list($0.keys) + ": " + $0.state.text } == [
                "IPV4, 1: accept", "(2048 &&& 3840), (2 .. 3): two", "_, 7: two", "default, _: three", "pairs: four",
                "_: accept", "default: reject",
            ])
        guard case .select(_, let single)? = parser.states[0].transition?.target else { return }
        #expect(
            single.map { TreeText.list($0.keys) } == [
                "IPV4", "type:Ether.ipv6", "(33024 &&& 65520)", "(1 .. 100)", "16w34984", "(36864 &&& 61440)",
                "((IPV4 + 1) << 1)", "cast<bit<16>>(8w3)", "types", "_",
            ])
        #expect(parser.states[5].transition == nil)
    }

    @Test func tablesKeepTheirProperties() throws {
        let (_, named) = read("statements")
        guard case .control(let control) = try #require(named["C"]).kind else { return }
        let tables = control.locals.compactMap { local in
            if case .table(let table) = local.kind { table } else { nil }
        }
        let keys = try #require(tables[0].keys)
        #expect(
            keys.map { "\(TreeText.of($0.expression)): \($0.matchKind)" } == [
                "s.a: exact", "(s.h.x & 8w240): ternary", "s.h.isValid(): exact",
            ])
        #expect(keys[1].annotations.controlPlaneName == "masked")
        let actions = try #require(tables[0].actions)
        #expect(actions.map { TreeText.of($0.reference) } == ["none", "act(s.a, s.b[7:0])", ".top(variable)"])
        #expect(actions[1].annotations.contains("tableonly"))
        #expect(tables[1].property("default_action")?.isConstant == true)
        let entries = tables[2].properties.compactMap { property in
            if case .entries(let entries) = property.kind { entries } else { nil }
        }
        #expect(
            entries[0].map { TreeText.list($0.keys) } == [
                "1, 2, 3, 4", "(1 &&& 15), _, (16 &&& 240), (3 .. 4)", "_, _, _, _",
                "default, default, default, default",
            ])
        #expect(entries[0].map { $0.priority.map(TreeText.of) } == ["10", "(5 + 5)", nil, nil])
        #expect(entries[0].map(\.isConstant) == [true, false, false, false])
        #expect(entries[0][2].annotations["priority"]?.expressions.map(TreeText.of) == ["3"])
        #expect(tables[3].keys == nil)
    }

    @Test func statementsAreToldApart() throws {
        let (_, named) = read("statements")
        guard case .control(let control) = try #require(named["C"]).kind else { return }
        var counts: [String: Int] = [:]
        for statement in control.apply.statements {
            let label = String(describing: statement.kind).prefix { $0 != "(" }
            counts[String(label), default: 0] += 1
        }
        #expect(
            counts == [
                "empty": 1, "block": 3, "declaration": 8, "assignment": 22, "call": 11, "directApplication": 2,
                "conditional": 2, "switch": 2, "loop": 3, "forEach": 3,
            ])
        let reducer = control.locals.first { $0.name.text == "reducer" }
        guard case .instance(let instance)? = reducer?.kind else { return }
        #expect(instance.initializer?.map(\.name.text) == ["mine", "reduce", "reset"])
    }
}
