// SPDX-License-Identifier: Apache-2.0

/// Whether text is for a terminal that shows colours.
public enum TextStyle: Sendable, Hashable {
    case plain
    case colored

    enum Ink: String {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
        case blue = "34"
        case cyan = "36"
    }

    func paint(_ text: String, _ ink: Ink) -> String {
        self == .plain || text.isEmpty ? text : "\u{1B}[\(ink.rawValue)m\(text)\u{1B}[0m"
    }
}
