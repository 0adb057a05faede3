// SPDX-License-Identifier: Apache-2.0

/// What one run measured, or one part of it.
public struct Row: Sendable, Hashable {
    /// Which of the experiment's tables it belongs to, such as `results` or `parts`.
    public var table: String
    /// What the run was, by variable.
    public var labels: [String: Label]
    /// What it came to, by quantity.
    public var values: [String: Double]

    public init(table: String = Row.results, labels: [String: Label] = [:], values: [String: Double]) {
        self.table = table
        self.labels = labels
        self.values = values
    }

    public static let results = "results"
    /// The variable that counts repetitions of one case.
    public static let repetition = "repeat"
}
