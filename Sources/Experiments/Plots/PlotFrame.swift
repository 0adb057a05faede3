// SPDX-License-Identifier: Apache-2.0

/// What every plot has: a title, two labelled axes with ticks and grid, and a legend to the right.
struct PlotFrame {
    private static let left = 76.0
    private static let top = 44.0
    private static let right = 220.0
    private static let bottom = 62.0

    var drawing = SVGDrawing(width: 860, height: 460)
    let x: Axis
    let y: Axis

    private var width: Double { drawing.width - Self.left - Self.right }
    private var height: Double { drawing.height - Self.top - Self.bottom }

    init(title: String, xTitle: String, yTitle: String, x: Axis, y: Axis) {
        self.x = x
        self.y = y
        drawing.text(title, at: (Self.left, 24), anchor: .start, size: 15, bold: true)
        drawing.text(xTitle, at: (Self.left + width / 2, drawing.height - 14))
        drawing.text(yTitle, at: (18, Self.top + height / 2), turned: true)
        drawHorizontalTicks()
        drawVerticalTicks()
        drawing.line(at(0, 0), at(1, 0))
        drawing.line(at(0, 0), at(0, 1))
    }

    /// The pixel of a place in the plot, both coordinates from 0 to 1, y upward.
    func at(_ x: Double, _ y: Double) -> (Double, Double) {
        (Self.left + x * width, Self.top + (1 - y) * height)
    }

    /// Pixels of a share of the plot's width.
    func across(_ share: Double) -> Double { share * width }

    /// - Parameter title: what tells the entries apart.
    mutating func legend(_ title: String?, _ names: [String]) {
        guard let title, !names.isEmpty else { return }
        let x = drawing.width - Self.right + 16
        drawing.text(title, at: (x, Self.top + 9), anchor: .start, bold: true)
        for (index, name) in names.enumerated() {
            let y = Self.top + 28 + Double(index) * 20
            drawing.rectangle((x, y - 9), width: 12, height: 12, color: Palette.color(index))
            drawing.text(name, at: (x + 18, y + 1), anchor: .start)
        }
    }

    /// A bar over `estimate`'s confidence interval.
    mutating func errorBar(_ estimate: Estimate, x position: Double, color: String = "#333") {
        guard let error = estimate.error, error > 0 else { return }
        let low = at(position, max(0, y.position(estimate.mean - error)))
        let high = at(position, min(1, y.position(estimate.mean + error)))
        drawing.line(low, high, color: color)
        for end in [low, high] { drawing.line((end.0 - 4, end.1), (end.0 + 4, end.1), color: color) }
    }

    private mutating func drawHorizontalTicks() {
        for tick in x.ticks {
            let place = at(tick.position, 0)
            drawing.line(place, (place.0, place.1 + 4))
            drawing.text(tick.text, at: (place.0, place.1 + 18), size: 11)
        }
    }

    private mutating func drawVerticalTicks() {
        for tick in y.ticks {
            let place = at(0, tick.position)
            if tick.position > 0 { drawing.line(place, at(1, tick.position), color: "#ddd") }
            drawing.text(tick.text, at: (place.0 - 8, place.1 + 4), anchor: .end, size: 11)
        }
    }
}
