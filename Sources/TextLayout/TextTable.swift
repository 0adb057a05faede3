// SPDX-License-Identifier: Apache-2.0

/// Rows of cells as aligned lines: every column is as wide as its widest cell, heading included.
public struct TextTable: Sendable {
    /// Where a column's cells stand in it.
    public enum Alignment: Sendable {
        /// At the left edge of the column.
        case left
        /// At its right edge, as numbers stand.
        case right
    }

    /// A column's heading and alignment.
    public struct Column: Sendable {
        /// Empty in every column: the table has no heading line.
        public var heading: String
        /// Where its cells are.
        public var alignment: Alignment
        /// The least width, in characters.
        public var width: Int

        /// A column of text, such as names.
        public static func left(_ heading: String = "", width: Int = 0) -> Column {
            Column(heading: heading, alignment: .left, width: width)
        }

        /// A column of numbers.
        public static func right(_ heading: String = "", width: Int = 0) -> Column {
            Column(heading: heading, alignment: .right, width: width)
        }
    }

    /// Each row has one cell per column.
    public var rows: [[String]]
    private let columns: [Column]
    private let separator: String
    private let headingStyle: TextStyle

    /// - Parameters:
    ///   - separator: between two columns.
    ///   - style: a coloured table has a bold heading.
    public init(_ columns: [Column], rows: [[String]] = [], separator: String = "  ", style: TextStyle = .plain) {
        self.columns = columns
        self.rows = rows
        self.separator = separator
        headingStyle = style
    }

    /// The heading, if there is one, and a line per row, without blanks at the ends of lines.
    public var lines: [String] {
        let headings = columns.map(\.heading)
        let widths = columns.indices.map { index in
            rows.reduce(max(columns[index].width, headings[index].count)) { max($0, $1[index].count) }
        }
        let body = rows.map { line($0, widths) }
        return headings.allSatisfy(\.isEmpty) ? body : [headingStyle.paint(line(headings, widths), .bold)] + body
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        let texts = columns.indices.map { index in
            switch columns[index].alignment {
            case .left: cells[index].leftAligned(widths[index])
            case .right: cells[index].rightAligned(widths[index])
            }
        }
        let line = texts.joined(separator: separator)
        return String(line.reversed().drop { $0 == " " }.reversed())
    }
}
