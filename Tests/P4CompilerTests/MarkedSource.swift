// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import P4Compiler

/// A program with the places of its expected errors marked in the text: `const bit<8> x = 1️⃣;`.
struct MarkedSource {
    let text: String
    /// Byte offsets of the markers `1️⃣`, `2️⃣`, … in the text without them.
    let offsets: [Int]

    init(_ marked: String) {
        var text = ""
        var offsets: [Int: Int] = [:]
        for character in marked {
            // A keycap is a digit with two code points after it.
            if character.unicodeScalars.count == 3, let number = character.unicodeScalars.first?.properties.numericValue
            {
                offsets[Int(number)] = text.utf8.count
            } else {
                text.append(character)
            }
        }
        self.text = text
        self.offsets = offsets.sorted { $0.key < $1.key }.map(\.value)
    }
}

/// Parses a marked program and expects these messages, and no others, at the markers in turn.
func expectMessages(
    _ marked: String, _ messages: String..., defines: [String] = [], location: SourceLocation = #_sourceLocation
) {
    let source = MarkedSource(marked)
    let (_, diagnostics) = parse(["main.p4": source.text], defines: defines)
    let found = diagnostics.sorted.map { "\($0.range.start): \($0.message)" }
    let expected = zip(source.offsets, messages).map { "\($0): \($1)" }
    #expect(source.offsets.count == messages.count, "as many markers as messages", sourceLocation: location)
    #expect(found == expected, "\(diagnostics.rendered())", sourceLocation: location)
}
