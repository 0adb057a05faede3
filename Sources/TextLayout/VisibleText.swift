// SPDX-License-Identifier: Apache-2.0

extension StringProtocol {
    /// The text with its control characters shown as `\x1b`: C0 except tab and line feed, DEL and C1.
    ///
    /// Names and lines that come from files, interfaces and other machines may hold sequences that a terminal obeys.
    public var visible: String {
        guard mayHoldControls else { return String(self) }
        var text = ""
        for scalar in unicodeScalars {
            if Self.isControl(scalar) {
                let digits = String(scalar.value, radix: 16)
                text += "\\x" + (digits.count < 2 ? "0" : "") + digits
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// The same, except for the sequences that set colours and weight (ECMA-48, SGR: `ESC [ … m`).
    public var withoutCommands: String {
        guard mayHoldControls else { return String(self) }
        var text = ""
        var rest = Substring(self)
        while let place = rest.unicodeScalars.firstIndex(where: Self.isControl) {
            text += rest[..<place]
            let after = rest.unicodeScalars.index(after: place)
            if let end = Self.endOfColour(rest.unicodeScalars[place...]) {
                text += rest[place..<end]
                rest = rest[end...]
            } else {
                text += rest[place..<after].visible
                rest = rest[after...]
            }
        }
        return text + rest
    }

    /// False for almost every text, at the cost of a look at its bytes: C1 begin with 0xc2 in UTF-8.
    private var mayHoldControls: Bool {
        utf8.contains { $0 < 0x20 && $0 != 0x09 && $0 != 0x0a || $0 == 0x7f || $0 == 0xc2 }
    }

    private static func endOfColour(_ text: Substring.UnicodeScalarView) -> Substring.Index? {
        guard text.first?.value == 0x1b, text.dropFirst().first == "[" else { return nil }
        let tail = text.dropFirst(2).drop { ("0"..."9").contains($0) || $0 == ";" }
        return tail.first == "m" ? tail.index(after: tail.startIndex) : nil
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0a: false
        case 0..<0x20, 0x7f..<0xa0: true
        default: false
        }
    }
}
