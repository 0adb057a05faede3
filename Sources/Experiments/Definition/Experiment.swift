// SPDX-License-Identifier: Apache-2.0

/// The definition of an experiment, as its file has it.
public struct Experiment: Sendable {
    /// What every case runs.
    public enum Kind: String, Sendable, CaseIterable {
        /// A lab with switches, server, client and collector.
        case requests
        /// Such a lab with two flows: every packet of one carries telemetry, the other follows a policy.
        case sampling
        /// The eBPF programs alone, by test runs.
        case host
    }

    /// The file's name without its ending.
    public var name: String
    /// One line, for lists and the summary.
    public var title: String
    /// A paragraph, for the summary.
    public var about: String
    /// What every run does.
    public var kind: Kind
    /// Settings that all cases share.
    public var fixed: [String: Label]
    /// Settings that vary, with their values, in the order of the file: the last one varies fastest.
    public var varied: [(name: String, values: [Label])]
    /// Single cases in addition to the combinations of those.
    public var further: [[String: Label]]
    /// Runs per case, from 1 to 1000.
    public var repeats: Int
    /// Pictures to draw of the results.
    public var plots: [Plot]

    /// An experiment put together by code; files are read by `init(parsing:file:name:known:)`.
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
    /// How the values are drawn.
    public enum Shape: String, Sendable, CaseIterable {
        /// The shape of this name.
        case lines, bars, stacked
        /// Quantity against quantity, a point for each value of `series` and of `marks`.
        case scatter
    }

    /// The picture's file, without `.svg`.
    public var file: String
    /// The picture's heading.
    public var title: String
    /// How the values are drawn.
    public var shape: Shape
    /// The table whose rows are drawn.
    public var table: String
    /// The setting along the horizontal axis; for a scatter plot, a quantity.
    public var x: String
    /// The quantity along the vertical axis.
    public var y: String
    /// The setting whose values get a colour each; nil: one colour.
    public var series: String?
    /// The setting whose values get a shape each in a scatter plot; nil: one shape.
    public var marks: String?
    /// Only rows with these labels.
    public var only: [String: Label]
    /// Whether the vertical axis is logarithmic.
    public var isLogarithmic: Bool
    /// The words below the horizontal axis.
    public var xTitle: String
    /// The words beside the vertical axis.
    public var yTitle: String

    /// A plot with defaults for what is left out; axes are named after what they show.
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
