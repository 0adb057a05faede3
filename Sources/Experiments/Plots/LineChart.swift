// SPDX-License-Identifier: Apache-2.0

internal import Drawings

/// Lines through means, with their confidence intervals.
enum LineChart {
    static func svg(
        title: String, xTitle: String, yTitle: String, seriesTitle: String?, points: [Point], isLogarithmic: Bool
    )
        -> String
    {
        let series = points.map(\.series).uniqued().sorted {
            ($0?.text ?? "", $0?.number ?? 0) < ($1?.text ?? "", $1?.number ?? 0)
        }
        var frame = PlotFrame(
            title: title, xTitle: xTitle, yTitle: yTitle, x: horizontal(points), y: vertical(points, isLogarithmic),
            hasLegend: seriesTitle != nil)
        for (index, name) in series.enumerated() {
            let line = points.filter { $0.series == name }.sorted { $0.x < $1.x }
            draw(line, color: Palette.color(index), in: &frame)
        }
        frame.legend(seriesTitle, series.compactMap { $0?.text })
        return frame.drawing.document()
    }

    private static func draw(_ points: [Point], color: Paint, in frame: inout PlotFrame) {
        var places: [(Double, Double)] = []
        for point in points {
            guard let x = frame.x.position(point.x) else { continue }
            let place = frame.at(x, frame.y.position(point.estimate.mean))
            frame.errorBar(point.estimate, x: x, color: color)
            frame.drawing.circle(at: place, radius: 3.5, color: color)
            places.append(place)
        }
        frame.drawing.polyline(places, color: color)
    }

    /// Numbers that span more than a decade are spread by their logarithm; words keep the order they came in.
    private static func horizontal(_ points: [Point]) -> Axis {
        let labels = points.map(\.x).uniqued()
        let numbers = labels.compactMap(\.number)
        guard numbers.count == labels.count, let most = numbers.max(), let least = numbers.min() else {
            return .categories(labels)
        }
        if least > 0, most / least > 30, let axis = Axis.logarithmic(including: numbers) { return axis }
        return .linear(including: numbers)
    }

    private static func vertical(_ points: [Point], _ isLogarithmic: Bool) -> Axis {
        let means = points.map(\.estimate.mean)
        if isLogarithmic, let axis = Axis.logarithmic(including: means) { return axis }
        return .linear(including: points.map(\.estimate))
    }
}

extension Sequence where Element: Hashable {
    /// Each element once, in the order of its first place.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
