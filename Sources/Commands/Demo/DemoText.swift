// SPDX-License-Identifier: Apache-2.0

import Collector
import Journeys
import Scenarios
import TelemetryFormats
import TextLayout
import Workload

/// What the demo prints for people.
struct DemoText {
    let report: DemoReport
    /// Columns of the terminal.
    let width: Int
    let style: TextStyle

    /// Lines separated by line ends.
    var text: String {
        let client = ClientSummary(report.client)
        var lines = [
            "\(client.requests) requests, \(client.replies) replies, \(report.view.counts.journeys) journeys seen, "
                + "\(report.view.counts.complete) complete"
        ]
        if client.changed > 0 { lines.append("\(client.changed) replies came back with other bytes than were sent") }
        if let p50 = client.p50, let p90 = client.p90, let p99 = client.p99, let max = client.max {
            lines.append("round trip at the client: p50 \(p50) us, p90 \(p90) us, p99 \(p99) us, max \(max) us")
        }
        if report.settings.freq > 0 {
            lines.append("at most one request in \(report.settings.freq) us was traced (--freq)")
        }
        lines += lossLines
        if !report.view.statistics.rows.isEmpty {
            lines += [""] + PartTable(report.view.statistics.rows, style: style).lines
        }
        lines += levelLines
        if let slowest = report.view.slowest {
            lines += ["", "the slowest:"] + Waterfall(slowest, width: Swift.min(width, 120), style: style).lines
        }
        return lines.joined(separator: "\n")
    }

    /// What kept requests from being answered, or journeys from being complete.
    private var lossLines: [String] {
        let counts = report.dropped.sorted { $0.key < $1.key }.map { ["  " + $0.key, "\($0.value)"] }
        let table = TextTable([.left(), .left()], rows: counts)
        return counts.isEmpty ? [] : ["lost, or not measured, by place and reason:"] + table.lines
    }

    /// What the level cannot show.
    private var levelLines: [String] {
        let level = report.settings.level
        guard level.layout.field(.enqueueTime) == nil else { return [] }
        let missing = level.layout.field(.latency) == nil ? "switches and links" : "links"
        let others = Level.allCases.filter { $0.layout.field(.enqueueTime) != nil }.map { "\($0.rawValue)" }
        return ["level \(level.rawValue) carries no times of \(missing); levels \(others.joined(separator: ", ")) do"]
    }
}
