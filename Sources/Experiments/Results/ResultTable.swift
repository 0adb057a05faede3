// SPDX-License-Identifier: Apache-2.0

/// Rows of one kind, in the order they were measured.
public struct ResultTable: Sendable {
    public let name: String
    public private(set) var variables: [String] = []
    public private(set) var quantities: [String] = []
    public private(set) var rows: [Row] = []

    public init(name: String) { self.name = name }

    public mutating func add(_ row: Row) {
        for variable in row.labels.keys.sorted() where !variables.contains(variable) { variables.append(variable) }
        for quantity in row.values.keys.sorted() where !quantities.contains(quantity) { quantities.append(quantity) }
        rows.append(row)
    }

    /// One heading, one line a row; a field that a row does not have is empty (RFC 4180).
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
