// SPDX-License-Identifier: Apache-2.0

/// `summary.md`: what was asked, on what machine, and the figures of each plot as a table.
enum SummaryText {
    static func markdown(_ results: Results, of experiment: Experiment, on machine: Machine) -> String {
        var lines = ["# \(experiment.title)", ""]
        if !experiment.about.isEmpty { lines += [experiment.about, ""] }
        lines += machine.lines.map { "- \($0)" }
        lines.append("- runs: \(results.finished) of \(experiment.runs.count), \(experiment.repeats) of each case")
        lines.append("")
        lines.append("Figures are means over the runs of a case, ± half of the 95 % confidence interval.")
        for plot in experiment.plots {
            guard let table = results.tables.first(where: { $0.name == plot.table }) else { continue }
            lines +=
                ["", "## \(plot.title)", "", "![\(plot.title)](\(plot.file).svg)", ""] + self.table(of: plot, table)
        }
        if !results.failures.isEmpty {
            lines += ["", "## Runs that failed", ""] + results.failures.map { "- \($0)" }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func table(of plot: Plot, _ table: ResultTable) -> [String] {
        guard plot.shape == .scatter else { return grid(of: plot, table) }
        let names = [plot.series, plot.marks].compactMap(\.self)
        let heading = names + [plot.x, plot.y]
        return [row(heading), row(heading.map { _ in "---" })]
            + table.pairs(of: plot.x, and: plot.y, by: plot.series, plot.marks, where: plot.only).map { pair in
                let labels = zip([plot.series, plot.marks], [pair.series, pair.mark]).filter { $0.0 != nil }
                return row(labels.map { $0.1?.text ?? "" } + [text(of: pair.x), text(of: pair.y)])
            }
    }

    /// One row for each value of x, one column for each series.
    private static func grid(of plot: Plot, _ table: ResultTable) -> [String] {
        let points = table.points(of: plot.y, by: plot.x, series: plot.series, where: plot.only)
        let columns = points.map(\.series).uniqued()
        let heading = [plot.x] + columns.map { $0?.text ?? plot.y }
        var lines = [row(heading), row(heading.map { _ in "---" })]
        for x in points.map(\.x).uniqued() {
            lines.append(
                row(
                    [x.text]
                        + columns.map { column in
                            points.first { $0.x == x && $0.series == column }.map { text(of: $0.estimate) } ?? ""
                        }))
        }
        return lines
    }

    private static func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }

    private static func text(of estimate: Estimate) -> String {
        guard let error = estimate.error else { return rounded(estimate.mean) }
        return "\(rounded(estimate.mean)) ± \(rounded(error))"
    }

    private static func rounded(_ number: Double) -> String {
        let places: Double = abs(number) >= 100 ? 1 : abs(number) >= 1 ? 100 : 10_000
        return Label.text(of: (number * places).rounded() / places)
    }
}
