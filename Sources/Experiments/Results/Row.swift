// SPDX-License-Identifier: Apache-2.0

/// Measured values of one run, or of one part of it.
public struct Row: Sendable, Hashable {
    /// The experiment's table that it belongs to, such as `results` or `parts`.
    public var table: String
    /// The run's settings by name.
    public var labels: [String: Label]
    /// The measured values by quantity.
    public var values: [String: Double]

    /// A row without settings; `Results.add` adds those of its run.
    public init(table: String = Row.results, labels: [String: Label] = [:], values: [String: Double]) {
        self.table = table
        self.labels = labels
        self.values = values
    }

    /// The table of rows that do not name another one.
    public static let results = "results"
    /// The variable that counts repetitions of one case.
    public static let repetition = "repeat"
}
