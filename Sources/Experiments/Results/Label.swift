// SPDX-License-Identifier: Apache-2.0

/// The value of one thing that an experiment varies: a word, or a number that sorts and draws as one.
public struct Label: Sendable, Hashable {
    public let text: String
    public let number: Double?

    public init(_ text: String) {
        self.text = text
        number = Double(text)
    }

    public init(_ number: Double) {
        self.text = Self.text(of: number)
        self.number = number
    }

    /// Without the `.0` of a whole number.
    static func text(of number: Double) -> String { Int(exactly: number).map(String.init) ?? "\(number)" }
}

extension Label: Comparable {
    /// Words before numbers, words by their letters.
    public static func < (a: Label, b: Label) -> Bool {
        switch (a.number, b.number) {
        case (let x?, let y?): x < y
        case (nil, nil): a.text < b.text
        case (nil, _): true
        case (_, nil): false
        }
    }
}
