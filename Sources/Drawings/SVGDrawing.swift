// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// An SVG picture, written shape by shape. Units are pixels, y grows downward.
///
/// A shape has its light colour as an attribute, which every viewer understands. Shapes whose paint has a dark colour
/// also get a class; a media query gives the class its dark colour where the viewer prefers dark pictures.
package struct SVGDrawing {
    package enum Anchor: String {
        case start, middle, end
    }

    package let width: Double
    package let height: Double
    private let background: Paint
    /// Of text that names no other colour.
    private let ink: Paint
    private var body = ""
    /// Paints with a dark colour, in the order of their first use; their index is in the class's name.
    private var themed: [Paint] = []

    package init(width: Double, height: Double, background: Paint = "white", ink: Paint = "#222") {
        self.width = width
        self.height = height
        self.background = background
        self.ink = ink
    }

    package mutating func line(
        _ from: (Double, Double), _ to: (Double, Double), color: Paint = "#333", width: Double = 1,
        dashes: String? = nil
    ) {
        let dashed = dashes.map { " stroke-dasharray=\"\($0)\"" } ?? ""
        body +=
            "<line x1=\"\(Self.text(from.0))\" y1=\"\(Self.text(from.1))\" x2=\"\(Self.text(to.0))\" "
            + "y2=\"\(Self.text(to.1))\"\(stroke(color)) stroke-width=\"\(Self.text(width))\"\(dashed)/>\n"
    }

    package mutating func polyline(_ points: [(Double, Double)], color: Paint) {
        body +=
            "<polyline points=\"\(Self.text(points))\" fill=\"none\"\(stroke(color)) stroke-width=\"2\"/>\n"
    }

    package mutating func circle(at center: (Double, Double), radius: Double, color: Paint) {
        body +=
            "<circle cx=\"\(Self.text(center.0))\" cy=\"\(Self.text(center.1))\" r=\"\(Self.text(radius))\""
            + "\(fill(color)) stroke=\"white\" stroke-width=\"0.8\"/>\n"
    }

    /// A polygon without a rim.
    package mutating func polygon(_ corners: [(Double, Double)], color: Paint) {
        body += "<polygon points=\"\(Self.text(corners))\"\(fill(color))/>\n"
    }

    /// A regular polygon with its corners on a circle, the first at the top except for `turn` degrees; with a white
    /// rim, as points may lie on each other.
    package mutating func polygon(
        at center: (Double, Double), corners: Int, radius: Double, turn: Double, color: Paint
    ) {
        let points = (0..<corners).map { corner in
            let angle = (turn / 360 + Double(corner) / Double(corners)) * 2 * .pi
            return (center.0 + radius * sin(angle), center.1 - radius * cos(angle))
        }
        body +=
            "<polygon points=\"\(Self.text(points))\"\(fill(color)) stroke=\"white\" stroke-width=\"0.8\"/>\n"
    }

    package mutating func cross(at center: (Double, Double), radius: Double, turn: Double, color: Paint) {
        for degrees in [turn, turn + 90] {
            let (x, y) = (radius * sin(degrees * .pi / 180), radius * cos(degrees * .pi / 180))
            line((center.0 - x, center.1 - y), (center.0 + x, center.1 + y), color: color, width: 2.5)
        }
    }

    /// - Parameters:
    ///   - rounding: radius of the corners.
    ///   - opacity: of the fill, 0 to 1.
    package mutating func rectangle(
        _ origin: (Double, Double), width: Double, height: Double, color: Paint, rounding: Double = 0,
        opacity: Double = 1
    ) {
        let corners = rounding > 0 ? " rx=\"\(Self.text(rounding))\"" : ""
        let shade = opacity < 1 ? " fill-opacity=\"\((opacity * 100).rounded() / 100)\"" : ""
        body += "<rect\(Self.box(origin, width, height))\(corners)\(fill(color))\(shade)/>\n"
    }

    /// The upper or lower half of a box whose outer corners are round.
    package mutating func half(
        _ origin: (Double, Double), width: Double, height: Double, color: Paint, rounding: Double, isUpper: Bool,
        opacity: Double
    ) {
        let (x, y) = (Self.text(origin.0), Self.text(isUpper ? origin.1 + height : origin.1))
        let side = Self.text((isUpper ? -1 : 1) * (height - rounding))
        let curve = Self.text((isUpper ? -1 : 1) * rounding)
        let (w, r) = (Self.text(width - 2 * rounding), Self.text(rounding))
        let back = Self.text((isUpper ? 1 : -1) * (height - rounding))
        let down = Self.text((isUpper ? 1 : -1) * rounding)
        body +=
            "<path d=\"M\(x) \(y)v\(side)q0 \(curve) \(r) \(curve)h\(w)q\(r) 0 \(r) \(down)v\(back)z\"\(fill(color)) "
            + "fill-opacity=\"\((opacity * 100).rounded() / 100)\"/>\n"
    }

    /// The outline of a rectangle.
    package mutating func frame(
        _ origin: (Double, Double), width: Double, height: Double, color: Paint, rounding: Double = 0,
        lineWidth: Double = 1
    ) {
        body +=
            "<rect\(Self.box(origin, width, height)) rx=\"\(Self.text(rounding))\" fill=\"none\"\(stroke(color)) "
            + "stroke-width=\"\(Self.text(lineWidth))\"/>\n"
    }

    /// - Parameters:
    ///   - turned: written from bottom to top.
    ///   - fixed: digits of equal width.
    package mutating func text(
        _ words: String, at place: (Double, Double), anchor: Anchor = .middle, size: Double = 12, turned: Bool = false,
        bold: Bool = false, fixed: Bool = false, color: Paint? = nil
    ) {
        let turn = turned ? " transform=\"rotate(-90 \(Self.text(place.0)) \(Self.text(place.1)))\"" : ""
        let font = fixed ? " font-family=\"\(Self.fixedFont)\"" : ""
        body +=
            "<text x=\"\(Self.text(place.0))\" y=\"\(Self.text(place.1))\" text-anchor=\"\(anchor.rawValue)\" "
            + "font-size=\"\(Self.text(size))\"\(bold ? " font-weight=\"bold\"" : "")\(font)"
            + "\(fill(color ?? ink))\(turn)>\(Self.escaped(words))</text>\n"
    }

    /// - Parameter description: what a reader that shows no picture says.
    package func document(description: String? = nil) -> String {
        var copy = self
        let paper = copy.fill(background)
        let (w, h) = (Self.text(width), Self.text(height))
        let title = description.map { "<title>\(Self.escaped($0))</title>\n" } ?? ""
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(w)\" height=\"\(h)\" viewBox=\"0 0 \(w) \(h)\" "
            + "font-family=\"sans-serif\">\n\(title)\(copy.styleSheet)<rect width=\"\(w)\" height=\"\(h)\"\(paper)/>\n"
            + body + "</svg>\n"
    }

    private static let fixedFont = "ui-monospace, monospace"

    private var styleSheet: String {
        guard !themed.isEmpty else { return "" }
        let rules = themed.enumerated().map { index, paint in
            let dark = paint.dark ?? paint.light
            return ".f\(index){fill:\(dark)}.s\(index){stroke:\(dark)}"
        }
        return "<style>@media (prefers-color-scheme: dark){\(rules.joined())}</style>\n"
    }

    private mutating func fill(_ paint: Paint) -> String { attribute("fill", "f", paint) }
    private mutating func stroke(_ paint: Paint) -> String { attribute("stroke", "s", paint) }

    private mutating func attribute(_ name: String, _ prefix: String, _ paint: Paint) -> String {
        guard paint.dark != nil else { return " \(name)=\"\(paint.light)\"" }
        let index = themed.firstIndex(of: paint) ?? themed.count
        if index == themed.count { themed.append(paint) }
        return " class=\"\(prefix)\(index)\" \(name)=\"\(paint.light)\""
    }

    private static func box(_ origin: (Double, Double), _ width: Double, _ height: Double) -> String {
        " x=\"\(text(origin.0))\" y=\"\(text(origin.1))\" width=\"\(text(width))\" height=\"\(text(height))\""
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

    private static func text(_ points: [(Double, Double)]) -> String {
        points.map { "\(text($0.0)),\(text($0.1))" }.joined(separator: " ")
    }

    /// To a tenth of a pixel.
    private static func text(_ number: Double) -> String {
        let rounded = (number * 10).rounded() / 10
        return Int(exactly: rounded).map(String.init) ?? "\(rounded)"
    }
}
