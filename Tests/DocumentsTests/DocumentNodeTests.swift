// SPDX-License-Identifier: Apache-2.0

import Documents
import Testing

@Suite("documents, read by type")
struct DocumentNodeTests {
    private static func yaml(_ text: String) throws -> DocumentNode { try DocumentNode(yaml: text, file: "a.yaml") }
    private static func json(_ text: String) throws -> DocumentNode {
        try DocumentNode(json: Array(text.utf8), file: "a.json")
    }

    @Test("values of YAML are read as what is asked for")
    func values() throws {
        let members = try Self.yaml("level: off\nport: 0x35\nrate: 2.5\nlist: [1, 2]\nyes: true").mapping(
            of: ["level", "port", "rate", "list", "yes"])
        #expect(try members["level"]?.string() == "off")
        #expect(try members["port"]?.integer(in: 1...65535 as ClosedRange<UInt16>) == 53)
        #expect(try members["rate"]?.number(in: 0...10) == 2.5)
        #expect(try members["list"]?.list().map { try $0.integer(in: 0...9 as ClosedRange<Int>) } == [1, 2])
        #expect(try members["yes"]?.boolean() == true)
        #expect(try Self.yaml("").members().isEmpty)
    }

    @Test("values of JSON have the types that they are written with")
    func types() throws {
        let document = try Self.json(#"{"a": "5", "b": 5.0, "c": [true]}"#)
        let members = try document.mapping(of: ["a", "b", "c"])
        #expect(try members.required("a").string() == "5")
        #expect(throws: InputError.self) { try members.required("a").integer(in: 0...9) }
        #expect(try members.required("a").integer(in: 0...9, quoted: true) == 5)
        #expect(try members.required("b").integer(in: 0...9) == 5)
        #expect(try members.required("c").list().map { try $0.boolean() } == [true])
    }

    private enum Colour: String, CaseIterable { case red, green, blue }

    @Test("a mistake has its location, its path, what was expected and what was given")
    func mistakes() throws {
        func message(_ read: () throws -> Void) -> String {
            let error = #expect(throws: InputError.self) { try read() }
            return error?.description ?? ""
        }
        let json = try Self.json("{\n  \"links\": [{\"port\": 7}, \"x\"]}")
        let links = try json.mapping(of: ["links"]).required("links").list()
        #expect(
            message { _ = try links[0].mapping(of: ["prot", "rate"]) }
                == "a.json:2:14: links[0]: unknown key 'port': expected prot or rate; did you mean 'prot'?")
        let port = try links[0].mapping(of: ["port"]).required("port")
        #expect(
            message { _ = try port.integer(in: 8...9) as Int }
                == "a.json:2:22: links[0].port must be an integer from 8 to 9, got 7")
        #expect(message { _ = try port.string() } == "a.json:2:22: links[0].port must be text, got 7")
        #expect(
            message { _ = try json.list() } == "a.json:1:1: the document must be a list, such as [a, b], got an object")
        #expect(
            message { _ = try links[0].mapping(of: ["port"]).required("rate") }
                == "a.json:2:13: links[0]: key 'rate' is missing")
        let colour = try Self.yaml("colour: bleu").mapping(of: ["colour"]).required("colour")
        #expect(
            message { _ = try colour.choice(of: Colour.self) }
                == "a.yaml:1:9: colour must be red, green or blue, got 'bleu'; did you mean 'blue'?")
        #expect(
            message { _ = try colour.parsed { text throws(InputError) in throw InputError("no \(text)") } }
                == "a.yaml:1:9: colour: no bleu")
        #expect(message { _ = try colour.number(in: 0...2.5) }.hasSuffix("must be a number from 0 to 2.5, got 'bleu'"))
    }

    @Test(
        "what is wrong in YAML is reported with its location",
        arguments: [
            ("a: 1\nb: 2", "a.yaml:2:1: unknown key 'b': expected a"),
            ("a: [1", "a.yaml:2:1: not YAML"),
            ("- a", "a.yaml:1:1: the document must be an object of keys and values, got ['a']"),
            ("a: 1\na: 2", "a.yaml:1:1: each key must be given once, got twice: 'a'"),
            ("? [a]\n: b", "a.yaml:1:3: a key must be a single word"),
        ])
    func errors(text: String, message: String) {
        let error = #expect(throws: InputError.self) { try Self.yaml(text).mapping(of: ["a"]) }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "none")")
    }

    @Test(
        "a number that is out of its range, or not one, is refused at its location",
        arguments: ["a: 70000", "a: x", "a: -1", "a: [1]"])
    func ranges(text: String) throws {
        let value = try #require(try Self.yaml(text).mapping(of: ["a"])["a"])
        let error = #expect(throws: InputError.self) { try value.integer(in: 0...65535 as ClosedRange<UInt16>) }
        #expect(error?.location == .file("a.yaml", line: 1, column: 4))
    }

    @Test("aliases that stand for more values than a document may have are refused")
    func aliases() {
        let levels = (1...8).map {
            "l\($0): &l\($0) [\(Array(repeating: "*l\($0 - 1)", count: 10).joined(separator: ","))]"
        }
        let text = (["l0: &l0 x"] + levels).joined(separator: "\n")
        #expect(throws: InputError.self) { try Self.yaml(text) }
    }

    @Test func `an error without a location gets that of its caller, once`() {
        let error = InputError("too long").located(at: .option("--name"))
        #expect(error.description == "--name: too long")
        #expect(error.located(at: .file("x")).description == "--name: too long")
    }
}
