// SPDX-License-Identifier: Apache-2.0

import Documents
import Testing

@Suite("YAML settings")
struct SettingsTests {
    private static func settings(_ text: String) throws -> Settings { try Settings(parsing: text, file: "a.yaml") }

    @Test("values are read as what is asked for")
    func values() throws {
        let members = try Self.settings("level: off\nport: 0x35\nrate: 2.5\nlist: [1, 2]\nyes: true").mapping(
            of: ["level", "port", "rate", "list", "yes"])
        #expect(try members["level"]?.text() == "off")
        #expect(try members["port"]?.integer(in: 1...65535 as ClosedRange<UInt16>) == 53)
        #expect(try members["rate"]?.number(in: 0...10) == 2.5)
        #expect(try members["list"]?.list().map { try $0.integer(in: 0...9 as ClosedRange<Int>) } == [1, 2])
        #expect(try members["yes"]?.boolean() == true)
        #expect(try Self.settings("").mapping(of: []).isEmpty)
    }

    @Test(
        "what is wrong is told with its place",
        arguments: [
            ("a: 1\nb: 2", "a.yaml:2:1: unknown key 'b'; known here: a"),
            ("a: [1", "a.yaml:2:1: no YAML"),
            ("- a", "a.yaml:1:1: expected keys with values"),
            ("a: 1\na: 2", "a.yaml:1:1: keys stand twice in this mapping: 'a'"),
        ])
    func errors(text: String, message: String) {
        let error = #expect(throws: SettingsError.self) { try Self.settings(text).mapping(of: ["a"]) }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "none")")
    }

    @Test(
        "a number out of its range, or none, is refused at its place",
        arguments: ["a: 70000", "a: x", "a: -1", "a: [1]"])
    func ranges(text: String) throws {
        let value = try #require(try Self.settings(text).mapping(of: ["a"])["a"])
        let error = #expect(throws: SettingsError.self) { try value.integer(in: 0...65535 as ClosedRange<UInt16>) }
        #expect(error?.line == 1 && error?.column == 4)
    }
}
