// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Documents

@Suite struct JSONReaderTests {
    private static func content(_ text: String) throws -> DocumentNode.Content {
        try DocumentNode(json: Array(text.utf8), file: "a.json").content
    }

    private static func node(_ content: DocumentNode.Content) -> DocumentNode {
        DocumentNode(content, at: .file(""), path: "")
    }

    private static func member(_ key: String, _ content: DocumentNode.Content) -> DocumentNode.Member {
        DocumentNode.Member(key: key, keyLocation: .file(""), value: node(content))
    }

    @Test(arguments: [
        ("null", DocumentNode.Content.null), (" true\n", .bool(true)), ("false", .bool(false)), ("0", .integer(0)),
        ("-9223372036854775808", .integer(.min)), ("9223372036854775808", .number(9_223_372_036_854_775_808)),
        ("1.5", .number(1.5)), ("-2e3", .number(-2000)), ("1E+2", .number(100)), (#""""#, .string("")),
        (#""a\"\\\/\b\f\n\r\tz""#, .string("a\"\\/\u{8}\u{C}\n\r\tz")), (#""\u00e9\ud83d\ude00é""#, .string("é😀é")),
        ("[]", .list([])),
        ("[1, [2] ,\t3]", .list([node(.integer(1)), node(.list([node(.integer(2))])), node(.integer(3))])),
        ("{}", .mapping([])),
        (
            #"{"a": {"b": []}, "c":null}"#,
            .mapping([member("a", .mapping([member("b", .list([]))])), member("c", .null)])
        ),
        ("\u{FEFF}1", .integer(1)),
    ])
    func readsEveryFormOfAValue(_ text: String, _ value: DocumentNode.Content) throws {
        #expect(try Self.content(text) == value)
    }

    @Test(arguments: [
        ("", "a.json:1:1: not JSON: unexpected end of the text: expected a value"),
        ("{\n \"a\": 1,\n}", "a.json:3:1: not JSON: expected a key in double quotes"),
        ("[1,]", "a.json:1:4: not JSON: expected a value"), ("[1 2]", "a.json:1:4: not JSON: expected ',' or ']'"),
        ("{\"a\" 1}", "a.json:1:6: not JSON: expected ':' after key 'a'"),
        ("{\"a\":1 \"b\"", "a.json:1:8: not JSON: expected ',' or '}'"),
        ("{\"a\":1,\n \"a\":2}", "a.json:2:2: not JSON: each key must be given once, got twice: 'a'"),
        ("{a: 1}", "a.json:1:2: not JSON: expected a key in double quotes"),
        ("1 2", "a.json:1:3: not JSON: unexpected text after the end"),
        ("[nul]", "a.json:1:2: not JSON: 'nul' is not a JSON value"),
        ("0x10", "a.json:1:2: not JSON: unexpected text after the end"),
        ("01", "a.json:1:1: not JSON: '01' is not a JSON number"),
        ("-", "a.json:1:1: not JSON: '-' is not a JSON number"),
        ("1.", "a.json:1:1: not JSON: '1.' is not a JSON number"),
        ("1e", "a.json:1:1: not JSON: '1e' is not a JSON number"),
        ("1e999", "a.json:1:1: not JSON: '1e999' is not a JSON number"),
        ("\"a\nb\"", "a.json:1:3: not JSON: a string must end in its line"),
        ("\"a", "a.json:1:3: not JSON: unexpected end of the text in a string"),
        (#""\x""#, "a.json:1:4: not JSON: unknown escape sequence"),
        (#""\ud800""#, "a.json:1:8: not JSON: a surrogate must be one of a pair"),
        (#""\ud800\u0041""#, "a.json:1:14: not JSON: a surrogate must be one of a pair"),
        (#""\u00g0""#, "a.json:1:7: not JSON: \\u must be followed"), ("'a'", "a.json:1:1: not JSON: expected a value"),
    ])
    func saysWhereATextIsNone(_ text: String, _ message: String) {
        let error = #expect(throws: InputError.self) { try Self.content(text) }
        #expect(error?.description.hasPrefix(message) == true, "\(String(describing: error))")
    }

    @Test func refusesBytesThatAreNoText() {
        #expect(throws: InputError.self) { try DocumentNode(json: [0x22, 0xFF, 0x22], file: "a.json") }
        #expect(throws: InputError.self) { try DocumentNode(json: [0], file: "a.json") }
    }

    @Test func readsDeepNestingAndRefusesMore() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array(repeating: UInt8(ascii: "["), count: depth) + Array(repeating: UInt8(ascii: "]"), count: depth)
        }
        _ = try DocumentNode(json: nested(100), file: "a.json")
        let error = #expect(throws: InputError.self) { try DocumentNode(json: nested(100_000), file: "a.json") }
        #expect(error?.location == .file("a.json", line: 1, column: 101))
    }

    @Test func everyDamagedDocumentIsReadOrRefused() {
        let document = Array(#"{"a": [1, -2.5e3, "x\u00e9"], "b": {"c": true, "d": null}}"#.utf8)
        for place in document.indices {
            for byte in [0, 0x22, 0x2C, 0x5C, 0x5D, 0x7D, 0xFF] as [UInt8] {
                var damaged = document
                damaged[place] = byte
                if case .some(let value) = try? DocumentNode(json: damaged, file: "a.json") { #expect(value.isMapping) }
            }
            #expect(throws: InputError.self) { try DocumentNode(json: Array(document[..<place]), file: "a.json") }
        }
    }
}
