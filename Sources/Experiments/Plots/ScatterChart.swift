// SPDX-License-Identifier: Apache-2.0

/// Means of one quantity against those of another, with both confidence intervals.
public enum ScatterChart {
    public static func svg(
        title: String, xTitle: String, yTitle: String, seriesTitle: String?, pairs: [Pair]
    ) -> String {
        let xs = pairs.map(\.x.mean)
        var frame = PlotFrame(
            title: title, xTitle: xTitle, yTitle: yTitle,
            x: Axis.logarithmic(including: xs) ?? .linear(including: xs),
            y: .linear(including: pairs.map { $0.y.mean + ($0.y.error ?? 0) }))
        for (index, pair) in pairs.enumerated() {
            let color = Palette.color(index)
            let x = frame.x.position(pair.x.mean)
            frame.errorBar(pair.y, x: x, color: color)
            frame.drawing.circle(at: frame.at(x, frame.y.position(pair.y.mean)), radius: 5, color: color)
        }
        frame.legend(seriesTitle, pairs.compactMap { $0.series?.text })
        return frame.drawing.document
    }
}
