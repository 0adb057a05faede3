// SPDX-License-Identifier: Apache-2.0

/// Whether text carries the escape sequences of a terminal that shows colours.
public enum TextStyle: Sendable, Hashable {
    /// Characters only, for files, pipes and terminals without colour.
    case plain
    /// With SGR sequences (ECMA-48 §8.3.117).
    case colored

    /// - Parameter colour: true for `colored`.
    public init(colour: Bool) { self = colour ? .colored : .plain }

    /// `text` in one or more inks, and the terminal's own again after it; unchanged if plain or empty.
    public func paint(_ text: String, _ inks: Ink...) -> String {
        guard self == .colored, !text.isEmpty else { return text }
        return "\u{1B}[" + inks.map(\.rawValue).joined(separator: ";") + "m" + text + "\u{1B}[0m"
    }
}

/// A weight or colour of text; the raw value is the parameter of its SGR sequence.
public enum Ink: String, Sendable, Hashable {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case blue = "34"
    case magenta = "35"
    case cyan = "36"
}
