// SPDX-License-Identifier: Apache-2.0

import Documents
import Testing

@Suite struct JSONReaderTests {
    @Test(arguments: [
        ("null", JSONValue.null), (" true\n", .bool(true)), ("false", .bool(false)), ("0", .integer(0)),
        ("-9223372036854775808", .integer(.min)), ("9223372036854775808", .number(9_223_372_036_854_775_808)),
        ("1.5", .number(1.5)), ("-2e3", .number(-2000)), ("1E+2", .number(100)), (#""""#, .string("")),
        (#""a\"\\\/\b\f\n\r\tz""#, .string("a\"\\/\u{8}\u{C}\n\r\tz")), (#""\u00e9\ud83d\ude00é""#, .string("é😀é")),
        ("[]", .array([])), ("[1, [2] ,\t3]", .array([.integer(1), .array([.integer(2)]), .integer(3)])),
        ("{}", .object([:])),
        (#"{"a": {"b": []}, "c":null}"#, .object(["a": .object(["b": .array([])]), "c": .null])),
        ("\u{FEFF}1", .integer(1)),
    ])
    func readsEveryFormOfAValue(_ text: String, _ value: JSONValue) throws {
        #expect(try JSONValue(parsing: Array(text.utf8)) == value)
    }

    @Test(arguments: [
        ("", "line 1, column 1: the text ends where a value is expected"),
        ("{\n \"a\": 1,\n}", "line 3, column 1: expected a key in double quotes"),
        ("[1,]", "line 1, column 4: expected a value"), ("[1 2]", "line 1, column 4: expected ',' or ']'"),
        ("{\"a\" 1}", "line 1, column 6: expected ':' after key 'a'"),
        ("{\"a\":1 \"b\"", "line 1, column 8: expected ',' or '}'"),
        ("{\"a\":1,\n \"a\":2}", "line 2, column 2: key 'a' stands twice in this object"),
        ("{a: 1}", "line 1, column 2: expected a key in double quotes"),
        ("1 2", "line 1, column 3: the document has ended"),
        ("[nul]", "line 1, column 2: 'nul' is no value"), ("0x10", "line 1, column 2: the document has ended"),
        ("01", "line 1, column 1: '01' is not a number"), ("-", "line 1, column 1: '-' is not a number"),
        ("1.", "line 1, column 1: '1.' is not a number"), ("1e", "line 1, column 1: '1e' is not a number"),
        ("1e999", "line 1, column 1: '1e999' is not a number"),
        ("\"a\nb\"", "line 1, column 3: a string ends in its line"), ("\"a", "line 1, column 3: the text ends inside"),
        (#""\x""#, "line 1, column 4: no escape"), (#""\ud800""#, "line 1, column 8: half of a surrogate pair"),
        (#""\ud800\u0041""#, "line 1, column 14: half of a surrogate pair"),
        (#""\u00g0""#, "line 1, column 7: \\u is followed"), ("'a'", "line 1, column 1: expected a value"),
    ])
    func saysWhereATextIsNone(_ text: String, _ message: String) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text.utf8)) }
        #expect(error?.description.hasPrefix(message) == true, "\(String(describing: error))")
    }

    @Test func refusesBytesThatAreNoText() {
        #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: [0]) }
    }

    @Test func readsDeepNestingAndRefusesMore() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array(repeating: UInt8(ascii: "["), count: depth) + Array(repeating: UInt8(ascii: "]"), count: depth)
        }
        _ = try JSONValue(parsing: nested(100))
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: nested(100_000)) }
        #expect(error?.column == 101)
    }

    @Test func everyDamagedDocumentIsReadOrRefused() {
        let document = Array(#"{"a": [1, -2.5e3, "x\u00e9"], "b": {"c": true, "d": null}}"#.utf8)
        for place in document.indices {
            for byte in [0, 0x22, 0x2C, 0x5C, 0x5D, 0x7D, 0xFF] as [UInt8] {
                var damaged = document
                damaged[place] = byte
                if case .some(let value) = try? JSONValue(parsing: damaged) { #expect(value.kind == "an object") }
            }
            #expect(throws: JSONError.self) { try JSONValue(parsing: Array(document[..<place])) }
        }
    }
}
