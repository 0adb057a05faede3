// SPDX-License-Identifier: Apache-2.0

internal import Drawings

/// Means of one quantity against those of another, with both confidence intervals: colours tell the series apart,
/// shapes the marks.
enum ScatterChart {
    static func svg(
        title: String, xTitle: String, yTitle: String, seriesTitle: String?, marksTitle: String? = nil, pairs: [Pair]
    ) -> String {
        let series = pairs.map(\.series).uniqued()
        let marks = pairs.map(\.mark).uniqued()
        let xs = pairs.map(\.x.mean)
        var frame = PlotFrame(
            title: title, xTitle: xTitle, yTitle: yTitle,
            x: Axis.logarithmic(including: xs) ?? .linear(including: xs),
            y: .linear(including: pairs.map(\.y)),
            hasLegend: seriesTitle != nil || marksTitle != nil)
        for pair in pairs {
            let color = Palette.color(series.firstIndex(of: pair.series) ?? 0)
            frame.errorBar(pair.y, x: frame.x.position(pair.x.mean), color: color)
            frame.errorBar(pair.x, y: frame.y.position(pair.y.mean), color: color)
            let place = frame.at(frame.x.position(pair.x.mean), frame.y.position(pair.y.mean))
            MarkShape(marks.firstIndex(of: pair.mark) ?? 0).draw(at: place, color: color, in: &frame.drawing)
        }
        let rows = frame.legend(seriesTitle, series.compactMap { $0?.text })
        frame.legend(marksTitle, marks.compactMap { $0?.text }, below: rows) { index, place, drawing in
            MarkShape(index).draw(at: place, color: "#333", in: &drawing)
        }
        return frame.drawing.document()
    }
}

/// The shape of a point.
struct MarkShape {
    private static let radius = 5.5

    private enum Form {
        case circle
        /// By how many degrees it is turned from upright.
        case polygon(corners: Int, turn: Double)
        /// Two strokes, likewise.
        case cross(turn: Double)
    }

    private static let forms: [Form] = [
        .circle, .polygon(corners: 4, turn: 45), .polygon(corners: 3, turn: 0), .cross(turn: 45),
        .polygon(corners: 3, turn: 180), .polygon(corners: 4, turn: 0), .cross(turn: 0), .polygon(corners: 3, turn: 90),
        .polygon(corners: 3, turn: 270), .polygon(corners: 6, turn: 0),
    ]

    private let form: Form

    init(_ index: Int) { form = Self.forms[index % Self.forms.count] }

    func draw(at place: (Double, Double), color: Paint, in drawing: inout SVGDrawing) {
        switch form {
        case .circle: drawing.circle(at: place, radius: Self.radius - 0.5, color: color)
        case .polygon(let corners, let turn):
            drawing.polygon(at: place, corners: corners, radius: Self.radius, turn: turn, color: color)
        case .cross(let turn): drawing.cross(at: place, radius: Self.radius, turn: turn, color: color)
        }
    }
}
