// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// An SVG picture, written shape by shape. Units are pixels, y grows downward.
struct SVGDrawing {
    enum Anchor: String {
        case start, middle, end
    }

    let width: Double
    let height: Double
    private var body = ""

    init(width: Double, height: Double) {
        self.width = width
        self.height = height
    }

    mutating func line(_ from: (Double, Double), _ to: (Double, Double), color: String = "#333", width: Double = 1) {
        body +=
            "<line x1=\"\(Self.text(from.0))\" y1=\"\(Self.text(from.1))\" x2=\"\(Self.text(to.0))\" "
            + "y2=\"\(Self.text(to.1))\" stroke=\"\(color)\" stroke-width=\"\(Self.text(width))\"/>\n"
    }

    mutating func polyline(_ points: [(Double, Double)], color: String) {
        let path = points.map { "\(Self.text($0.0)),\(Self.text($0.1))" }.joined(separator: " ")
        body += "<polyline points=\"\(path)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"2\"/>\n"
    }

    mutating func circle(at center: (Double, Double), radius: Double, color: String) {
        body +=
            "<circle cx=\"\(Self.text(center.0))\" cy=\"\(Self.text(center.1))\" r=\"\(Self.text(radius))\" "
            + "fill=\"\(color)\" stroke=\"white\" stroke-width=\"0.8\"/>\n"
    }

    /// A regular polygon with its corners on a circle, the first at the top but for `turn` degrees; with a white rim,
    /// as points may lie on each other.
    mutating func polygon(
        at center: (Double, Double), corners: Int, radius: Double, turn: Double, color: String
    ) {
        let points = (0..<corners).map { corner in
            let angle = (turn / 360 + Double(corner) / Double(corners)) * 2 * .pi
            return "\(Self.text(center.0 + radius * sin(angle))),\(Self.text(center.1 - radius * cos(angle)))"
        }
        body +=
            "<polygon points=\"\(points.joined(separator: " "))\" fill=\"\(color)\" stroke=\"white\" stroke-width=\"0.8\"/>\n"
    }

    mutating func cross(at center: (Double, Double), radius: Double, turn: Double, color: String) {
        for degrees in [turn, turn + 90] {
            let (x, y) = (radius * sin(degrees * .pi / 180), radius * cos(degrees * .pi / 180))
            line((center.0 - x, center.1 - y), (center.0 + x, center.1 + y), color: color, width: 2.5)
        }
    }

    mutating func rectangle(_ origin: (Double, Double), width: Double, height: Double, color: String) {
        body +=
            "<rect x=\"\(Self.text(origin.0))\" y=\"\(Self.text(origin.1))\" width=\"\(Self.text(width))\" "
            + "height=\"\(Self.text(height))\" fill=\"\(color)\"/>\n"
    }

    /// - Parameter turned: written from bottom to top.
    mutating func text(
        _ words: String, at place: (Double, Double), anchor: Anchor = .middle, size: Double = 12, turned: Bool = false,
        bold: Bool = false
    ) {
        let turn = turned ? " transform=\"rotate(-90 \(Self.text(place.0)) \(Self.text(place.1)))\"" : ""
        body +=
            "<text x=\"\(Self.text(place.0))\" y=\"\(Self.text(place.1))\" text-anchor=\"\(anchor.rawValue)\" "
            + "font-size=\"\(Self.text(size))\"\(bold ? " font-weight=\"bold\"" : "")\(turn)>\(Self.escaped(words))</text>\n"
    }

    var document: String {
        let (w, h) = (Self.text(width), Self.text(height))
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(w)\" height=\"\(h)\" viewBox=\"0 0 \(w) \(h)\" "
            + "font-family=\"sans-serif\" fill=\"#222\">\n<rect width=\"\(w)\" height=\"\(h)\" fill=\"white\"/>\n"
            + body + "</svg>\n"
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
    }

    /// To a tenth of a pixel.
    private static func text(_ number: Double) -> String { Label.text(of: (number * 10).rounded() / 10) }
}
