// SPDX-License-Identifier: Apache-2.0

/// An identifier where it is written.
struct Name: Hashable, Sendable, CustomStringConvertible {
    let text: String
    let range: SourceRange

    init(_ text: String, at range: SourceRange) {
        self.text = text
        self.range = range
    }

    var description: String { text }
}

/// A use of a name; with a leading dot (`.name`) it is looked up at the top level only.
struct PathName: Hashable, Sendable, CustomStringConvertible {
    let isAbsolute: Bool
    let name: Name

    var text: String { name.text }
    var description: String { isAbsolute ? "." + name.text : name.text }
}
