// SPDX-License-Identifier: Apache-2.0

internal import Drawings

/// Bars over categories, with confidence intervals: the series side by side, or stacked, where each part's interval
/// lies about its own end.
enum BarChart {
    /// The share of a category's width that its bars take.
    private static let fill = 0.7

    static func svg(
        title: String, xTitle: String, yTitle: String, seriesTitle: String?, points: [Point], isStacked: Bool
    ) -> String {
        let categories = points.map(\.x).uniqued()
        let series = points.map(\.series).uniqued()
        let stacks = categories.map { label in
            points.filter { $0.x == label }.reduce(0) { $0 + $1.estimate.mean }
        }
        var frame = PlotFrame(
            title: title, xTitle: xTitle, yTitle: yTitle, x: .categories(categories),
            y: isStacked ? .linear(including: stacks) : .linear(including: points.map(\.estimate)),
            hasLegend: seriesTitle != nil)
        for category in categories {
            let bars = points.filter { $0.x == category }
            if isStacked {
                stack(bars, series, categories.count, in: &frame)
            } else {
                place(bars, series, categories.count, in: &frame)
            }
        }
        frame.legend(seriesTitle, series.compactMap { $0?.text })
        return frame.drawing.document()
    }

    private static func stack(_ bars: [Point], _ series: [Label?], _ categories: Int, in frame: inout PlotFrame) {
        let width = fill / Double(categories)
        var base = 0.0
        var intervals: [(estimate: Estimate, base: Double, x: Double)] = []
        for (index, name) in series.enumerated() {
            guard let bar = bars.first(where: { $0.series == name }), let x = frame.x.position(bar.x) else { continue }
            let top = base + bar.estimate.mean
            draw(from: base, to: top, x: x - width / 2, width: width, color: Palette.color(index), in: &frame)
            // Side by side, so that those of thin parts do not cover each other.
            let place = x - width / 2 + width * (Double(index) + 0.5) / Double(series.count)
            intervals.append((bar.estimate, base, place))
            base = top
        }
        // Drawn after all parts, because each part would cover the error bar of the one before.
        for (estimate, base, x) in intervals { frame.errorBar(estimate, above: base, x: x) }
    }

    private static func place(_ bars: [Point], _ series: [Label?], _ categories: Int, in frame: inout PlotFrame) {
        let width = fill / Double(categories) / Double(series.count)
        for (index, name) in series.enumerated() {
            guard let bar = bars.first(where: { $0.series == name }), let center = frame.x.position(bar.x) else {
                continue
            }
            let x = center - fill / Double(categories) / 2 + Double(index) * width
            draw(from: 0, to: bar.estimate.mean, x: x, width: width, color: Palette.color(index), in: &frame)
            frame.errorBar(bar.estimate, x: x + width / 2)
        }
    }

    private static func draw(
        from base: Double, to top: Double, x: Double, width: Double, color: Paint, in frame: inout PlotFrame
    ) {
        let corner = frame.at(x, frame.y.position(top))
        let foot = frame.at(x, frame.y.position(base))
        frame.drawing.rectangle(corner, width: frame.across(width), height: foot.1 - corner.1, color: color)
    }
}
