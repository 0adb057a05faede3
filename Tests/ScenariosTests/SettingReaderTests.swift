// SPDX-License-Identifier: Apache-2.0

import Documents
import Experiments
import Testing

@testable import Scenarios

@Suite struct SettingReaderTests {
    private let settings = SettingReader([
        "rate": Label(0.5), "level": Label("7"), "size": Label("x"), "decides": Label("nobody"),
    ])

    @Test func `what is not set has its default`() throws {
        #expect(try settings.integer("freq", in: 0...10, default: 3) == 3)
        #expect(try settings.choice("policy", of: ["every", "one_in"]) == "every")
        #expect(settings.text("topology", default: "three-switch") == "three-switch")
        #expect(try settings.number("rate", in: 0...1, default: 1) == 0.5)
    }

    @Test func `an error names the setting, what was expected and what it is`() {
        expect("level must be an integer from 1 to 6, got '7'") {
            _ = try settings.integer("level", in: 1...6, default: 2)
        }
        expect("rate must be a number from 1.0 to 10.0, got '0.5'") {
            _ = try settings.number("rate", in: 1...10, default: 2)
        }
        expect("size must be an integer from 1 to 9, got 'x'") {
            _ = try settings.integer("size", in: 1...9, default: 2)
        }
        expect("decides must be first or each, got 'nobody'") {
            _ = try settings.choice("decides", of: ["first", "each"])
        }
    }

    private func expect(_ message: String, _ body: () throws -> Void) {
        let error = #expect(throws: InputError.self) { try body() }
        #expect(error?.description == message)
    }
}
