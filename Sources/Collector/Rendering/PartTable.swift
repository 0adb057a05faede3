// SPDX-License-Identifier: Apache-2.0

public import Journeys
public import TextLayout

/// Statistics by part as a table for people: a heading, then one line per part, in the order of travel.
public struct PartTable: Sendable {
    /// The parts, in the order of travel.
    public var rows: [PartStatistics.Row]
    /// Names of switches and hosts.
    public var names: PlaceNames
    /// Whether the heading is bold.
    public var style: TextStyle

    /// A table of these parts.
    public init(_ rows: [PartStatistics.Row], names: PlaceNames = PlaceNames(), style: TextStyle = .plain) {
        self.rows = rows
        self.names = names
        self.style = style
    }

    /// The heading and a line per part, with times in microseconds.
    public var lines: [String] {
        let labels = rows.map { ($0.kind.isWithin || $0.kind.isBeside ? "  " : "") + $0.kind.name(names) }
        let title = "part, times in us"
        let width = max(labels.map(\.count).max() ?? 0, title.count)
        let heading = Self.line(title.leftAligned(width), ["p50", "p90", "p99", "max"])
        return [style.paint(heading, .bold)]
            + zip(rows, labels).map { row, label in
                Self.line(
                    label.leftAligned(width), [row.p50, row.p90, row.p99, row.max].map(DurationText.microseconds))
            }
    }

    private static func line(_ label: String, _ values: [String]) -> String {
        label + values.map { " " + $0.rightAligned(10) }.joined()
    }
}
