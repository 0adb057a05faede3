// SPDX-License-Identifier: Apache-2.0

/// The measurements of an experiment's runs so far.
public struct Results: Sendable {
    /// In the order of their first row.
    public private(set) var tables: [ResultTable] = []
    /// Runs that have ended, those that failed included.
    public private(set) var finished = 0
    /// Which runs failed, and why.
    public private(set) var failures: [String] = []

    /// No results yet.
    public init() {}

    /// Adds the rows of one run, with its settings and its repetition as labels.
    public mutating func add(_ rows: [Row], settings: [String: Label], repetition: Int) {
        finished += 1
        for var row in rows {
            row.labels.merge(settings) { own, _ in own }
            row.labels[Row.repetition] = Label(Double(repetition))
            let index = tables.firstIndex { $0.name == row.table } ?? tables.endIndex
            if index == tables.endIndex { tables.append(ResultTable(name: row.table)) }
            tables[index].add(row)
        }
    }

    /// Counts a run that failed; `reason` names its settings and the error.
    public mutating func addFailure(_ reason: String) {
        finished += 1
        failures.append(reason)
    }
}
