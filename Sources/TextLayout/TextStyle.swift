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
    /// Bold.
    case bold = "1"
    /// Dim.
    case dim = "2"
    /// Red.
    case red = "31"
    /// Green.
    case green = "32"
    /// Yellow.
    case yellow = "33"
    /// Blue.
    case blue = "34"
    /// Magenta.
    case magenta = "35"
    /// Cyan.
    case cyan = "36"
}
