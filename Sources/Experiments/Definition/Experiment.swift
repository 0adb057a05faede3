// SPDX-License-Identifier: Apache-2.0

/// What an experiment's file says.
public struct Experiment: Sendable {
    /// What every case runs.
    public enum Kind: String, Sendable, CaseIterable {
        /// A lab with switches, server, client and collector.
        case requests
        /// Such a lab with two flows: one followed whole, one by a policy.
        case sampling
        /// The eBPF programs alone, by test runs.
        case host
    }

    /// The file's name without its ending.
    public var name: String
    public var title: String
    public var about: String
    public var kind: Kind
    /// Settings that all cases share.
    public var fixed: [String: Label]
    /// Settings that are varied, in the order of the file: the last one varies fastest.
    public var varied: [(name: String, values: [Label])]
    /// Single cases beside the combinations of those.
    public var further: [[String: Label]]
    public var repeats: Int
    public var plots: [Plot]

    public init(
        name: String, title: String, about: String, kind: Kind, fixed: [String: Label],
        varied: [(name: String, values: [Label])], further: [[String: Label]] = [], repeats: Int, plots: [Plot]
    ) {
        self.name = name
        self.title = title
        self.about = about
        self.kind = kind
        self.fixed = fixed
        self.varied = varied
        self.further = further
        self.repeats = repeats
        self.plots = plots
    }
}

/// One picture of an experiment's results.
public struct Plot: Sendable, Hashable {
    public enum Shape: String, Sendable, CaseIterable {
        case lines, bars, stacked
        /// Quantity against quantity, a point for each value of `series` and of `marks`.
        case scatter
    }

    /// The picture's file, without `.svg`.
    public var file: String
    public var title: String
    public var shape: Shape
    public var table: String
    /// A variable, a quantity, and what tells lines or bars apart.
    public var x: String
    public var y: String
    public var series: String?
    /// What tells a scatter's points apart by their shape, as `series` does by their colour.
    public var marks: String?
    /// Only rows with these labels.
    public var only: [String: Label]
    public var isLogarithmic: Bool
    public var xTitle: String
    public var yTitle: String

    public init(
        file: String, title: String, shape: Shape, table: String = Row.results, x: String, y: String,
        series: String? = nil, marks: String? = nil, only: [String: Label] = [:], isLogarithmic: Bool = false,
        xTitle: String? = nil,
        yTitle: String? = nil
    ) {
        self.file = file
        self.title = title
        self.shape = shape
        self.table = table
        self.x = x
        self.y = y
        self.series = series
        self.marks = marks
        self.only = only
        self.isLogarithmic = isLogarithmic
        self.xTitle = xTitle ?? x
        self.yTitle = yTitle ?? y
    }

    func svg(of table: ResultTable) -> String {
        if shape == .scatter {
            let pairs = table.pairs(of: x, and: y, by: series, marks, where: only)
            return ScatterChart.svg(
                title: title, xTitle: xTitle, yTitle: yTitle, seriesTitle: series, marksTitle: marks, pairs: pairs)
        }
        let points = table.points(of: y, by: x, series: series, where: only)
        return switch shape {
        case .lines:
            LineChart.svg(
                title: title, xTitle: xTitle, yTitle: yTitle, seriesTitle: series, points: points,
                isLogarithmic: isLogarithmic)
        case .bars, .stacked, .scatter:
            BarChart.svg(
                title: title, xTitle: xTitle, yTitle: yTitle, seriesTitle: series, points: points,
                isStacked: shape == .stacked)
        }
    }
}
