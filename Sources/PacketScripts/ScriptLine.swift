// SPDX-License-Identifier: Apache-2.0

/// The words of one line of a script: names, numbers and single punctuation characters.
struct ScriptLine {
    let number: Int
    let text: String
    private(set) var words: ArraySlice<String>

    init(_ text: Substring, number: Int) {
        self.number = number
        let code = Self.withoutComment(text)
        self.text = String(code)
        words = Self.split(code)[...]
    }

    /// The first word in lower case, as keywords are matched.
    var keyword: String { words.first?.lowercased() ?? "" }

    mutating func next() -> String? { words.popFirst() }

    func peek(_ offset: Int = 0) -> String? {
        let place = words.startIndex + offset
        return place < words.endIndex ? words[place] : nil
    }

    private static func withoutComment(_ text: Substring) -> Substring {
        var isQuoted = false
        for index in text.indices {
            if text[index] == "\"" { isQuoted.toggle() }
            if text[index] == "#", !isQuoted { return text[..<index] }
        }
        return text
    }

    private static func split(_ text: Substring) -> [String] {
        var words: [String] = []
        var word = ""
        var isQuoted = false
        for character in text {
            if character == "\"" {
                isQuoted.toggle()
            } else if isQuoted {
                word.append(character)
            } else if character.isWhitespace || "():,=<>!".contains(character) {
                if !word.isEmpty { words.append(word) }
                word = ""
                if !character.isWhitespace { words.append(String(character)) }
            } else {
                word.append(character)
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }
}
