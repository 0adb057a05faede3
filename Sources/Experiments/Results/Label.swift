// SPDX-License-Identifier: Apache-2.0

public import Documents

/// The value of a setting: a word, or a number, which sorts and is drawn as one.
public struct Label: Sendable, Hashable {
    /// As the experiment's file has it.
    public let text: String
    /// The text as a number; nil if it is a word.
    public let number: Double?

    /// Where the experiment's file has it, for errors; nil for measured labels.
    public let location: InputError.Location?

    /// A word or a number.
    public init(_ text: String, at location: InputError.Location? = nil) {
        self.text = text
        self.location = location
        number = Double(text)
    }

    /// A label from a file.
    init(_ node: DocumentNode) throws(InputError) { self.init(try node.string(), at: node.location) }

    /// A number, written without `.0` if it is an integer.
    public init(_ number: Double) {
        self.text = Self.text(of: number)
        self.number = number
        location = nil
    }

    /// Without the `.0` of an integer.
    static func text(of number: Double) -> String { Int(exactly: number).map(String.init) ?? "\(number)" }
}

extension Label: Comparable {
    /// Labels are equal by their text, wherever it comes from.
    public static func == (a: Label, b: Label) -> Bool { a.text == b.text }

    /// Hashes the text alone.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }

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
