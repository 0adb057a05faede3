// SPDX-License-Identifier: Apache-2.0

/// Rows of one kind, in the order they were measured.
public struct ResultTable: Sendable {
    /// The CSV file's name without `.csv`.
    public let name: String
    /// Labels of the rows: settings and `repeat`, in the order of their first row.
    public private(set) var variables: [String] = []
    /// What the rows measured, in the order of their first row.
    public private(set) var quantities: [String] = []
    /// In the order they were added.
    public private(set) var rows: [Row] = []

    /// An empty table.
    public init(name: String) { self.name = name }

    /// Appends a row, and columns for what is new in it.
    public mutating func add(_ row: Row) {
        for variable in row.labels.keys.sorted() where !variables.contains(variable) { variables.append(variable) }
        for quantity in row.values.keys.sorted() where !quantities.contains(quantity) { quantities.append(quantity) }
        rows.append(row)
    }

    /// CSV (RFC 4180): one heading, one line per row; a field that a row does not have is empty.
    public var csv: String {
        var text = (variables + quantities).map(Self.field).joined(separator: ",") + "\n"
        for row in rows {
            let fields =
                variables.map { row.labels[$0].map { Self.field($0.text) } ?? "" }
                + quantities.map { row.values[$0].map { "\($0)" } ?? "" }
            text += fields.joined(separator: ",") + "\n"
        }
        return text
    }

    private static func field(_ text: String) -> String {
        guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
