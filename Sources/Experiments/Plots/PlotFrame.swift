// SPDX-License-Identifier: Apache-2.0

internal import Drawings

/// What every plot has: a title, two labelled axes with ticks and grid, and a legend to the right.
struct PlotFrame {
    private static let left = 76.0
    private static let top = 44.0
    private static let legendWidth = 250.0
    private static let margin = 28.0
    private static let bottom = 62.0

    var drawing = SVGDrawing(width: 900, height: 460)
    let x: Axis
    let y: Axis
    private let right: Double

    private var width: Double { drawing.width - Self.left - right }
    private var height: Double { drawing.height - Self.top - Self.bottom }

    init(title: String, xTitle: String, yTitle: String, x: Axis, y: Axis, hasLegend: Bool) {
        right = hasLegend ? Self.legendWidth : Self.margin
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

    /// A list of what is drawn, at the right; entries of long lists stand closer.
    /// - Parameters:
    ///   - title: what tells the entries apart. Without one there is no legend.
    ///   - start: rows that are taken already.
    ///   - sign: draws the sign of an entry, centred on a point; by default a square of its colour.
    /// - Returns: the row from which on there is room.
    @discardableResult
    mutating func legend(
        _ title: String?, _ names: [String], below start: Double = 0,
        sign: (_ index: Int, _ place: (Double, Double), inout SVGDrawing) -> Void = { index, place, drawing in
            drawing.rectangle((place.0 - 6, place.1 - 6), width: 12, height: 12, color: Palette.color(index))
        }
    ) -> Double {
        guard let title, !names.isEmpty else { return start }
        let x = drawing.width - right + 16
        let top = Self.top + 9 + start
        let spacing = min(20, (Self.top + height - top) / Double(names.count + 1))
        drawing.text(title, at: (x, top), anchor: .start, bold: true)
        for (index, name) in names.enumerated() {
            let y = top + Double(index + 1) * spacing
            sign(index, (x + 6, y - 4), &drawing)
            drawing.text(name, at: (x + 18, y), anchor: .start)
        }
        return start + Double(names.count + 1) * spacing + 10
    }

    /// A bar over `estimate`'s confidence interval; without an end where that leaves the plot.
    /// - Parameter base: where the value begins, if not at 0.
    mutating func errorBar(
        _ estimate: Estimate, above base: Double = 0, x position: Double, color: Paint = "#333"
    ) {
        guard let ends = ends(of: estimate, above: base, on: y) else { return }
        drawing.line(at(position, max(0, ends.low)), at(position, min(1, ends.high)), color: color)
        for end in [ends.low, ends.high] where (0...1).contains(end) {
            let place = at(position, end)
            drawing.line((place.0 - 4, place.1), (place.0 + 4, place.1), color: color)
        }
    }

    mutating func errorBar(_ estimate: Estimate, y position: Double, color: Paint = "#333") {
        guard let ends = ends(of: estimate, on: x) else { return }
        drawing.line(at(max(0, ends.low), position), at(min(1, ends.high), position), color: color)
        for end in [ends.low, ends.high] where (0...1).contains(end) {
            let place = at(end, position)
            drawing.line((place.0, place.1 - 4), (place.0, place.1 + 4), color: color)
        }
    }

    private func ends(of estimate: Estimate, above base: Double = 0, on axis: Axis) -> (low: Double, high: Double)? {
        guard let error = estimate.error, error > 0 else { return nil }
        return (axis.position(base + estimate.mean - error), axis.position(base + estimate.mean + error))
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
