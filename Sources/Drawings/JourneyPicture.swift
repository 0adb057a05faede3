// SPDX-License-Identifier: Apache-2.0

package import Journeys

/// A journey as a picture: its path with the time at each place, and below it a waterfall with a bar per part.
package struct JourneyPicture {
    /// In the order of travel; a part within another follows it.
    package var parts: [JourneyPart]
    package var title: String
    package var subtitle: String
    package var names: PlaceNames

    package init(parts: [JourneyPart], title: String, subtitle: String, names: PlaceNames = PlaceNames()) {
        self.parts = parts
        self.title = title
        self.subtitle = subtitle
        self.names = names
    }

    static let width = 960.0
    static let margin = 28.0
    private static let top = 84.0

    /// An SVG document that follows the viewer's preference for light or dark pictures.
    package var svg: String {
        let waterfallTop = Self.top + JourneyPath.height + 34
        let waterfall = WaterfallChart(parts: parts, names: names)
        var drawing = SVGDrawing(
            width: Self.width, height: waterfallTop + waterfall.height + 24, background: Colors.paper, ink: Colors.ink)
        drawing.text(title, at: (Self.margin, 38), anchor: .start, size: 20, bold: true)
        drawing.text(subtitle, at: (Self.margin, 60), anchor: .start, size: 13, color: Colors.faintInk)
        drawLegend(in: &drawing)
        JourneyPath(parts: parts, names: names).draw(below: Self.top, in: &drawing)
        waterfall.draw(below: waterfallTop, in: &drawing)
        return drawing.document(description: "\(title): \(subtitle)")
    }

    private func drawLegend(in drawing: inout SVGDrawing) {
        let entries = [
            ("client", Colors.client), ("link", Colors.link), ("switch", Colors.hop), ("server", Colors.host),
        ]
        var x = Self.width - Self.margin
        for (name, color) in entries.reversed() {
            x -= Double(name.count) * 7.5 + 18
            drawing.rectangle((x, 28), width: 12, height: 12, color: color, rounding: 3)
            drawing.text(name, at: (x + 18, 38.5), anchor: .start, size: 12.5, color: Colors.faintInk)
            x -= 18
        }
    }

    /// With a decimal below 100.
    static func microseconds(_ time: Nanoseconds) -> String {
        let tenths = (time + 50).count / 100
        return tenths < 1000 ? "\(tenths / 10).\(tenths % 10)" : "\((time + 500).count / 1000)"
    }
}

/// Colours of a journey's picture, distinguishable with any kind of colour vision on light and dark paper.
enum Colors {
    static let paper = Paint("#ffffff", dark: "#0d1117")
    static let ink = Paint("#1f2328", dark: "#e6edf3")
    static let faintInk = Paint("#59636e", dark: "#9198a1")
    static let grid = Paint("#d8dee4", dark: "#30363d")

    static let client = Paint("#aa4499", dark: "#d284c8")
    static let link = Paint("#0072b2", dark: "#4aa8e8")
    static let hop = Paint("#d98200", dark: "#f0a63a")
    static let host = Paint("#00825e", dark: "#2fc39a")

    static func of(_ kind: JourneyPart.Kind) -> Paint {
        switch kind {
        case .hop: hop
        case .link, .serverLink, .serverLinkOneWay, .lateLink, .clientLink, .directLink: link
        case .host, .hostSpan, .reply, .replyWait, .acknowledgement: host
        case .clientStack: client
        }
    }
}
