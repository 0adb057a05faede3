// SPDX-License-Identifier: Apache-2.0

import Collector
import TelemetryFormats
import TextLayout
import Workload

/// What the demo found; its coding keys are those of `--json`.
struct DemoReport: Encodable {
    struct Journeys: Encodable {
        let total: UInt64
        let complete: UInt64
    }

    struct Part: Encodable {
        let name: String
        let p50: Double
        let p90: Double
        let p99: Double
        let max: Double
        /// true for a part of the host's time, which stands in front of them whole.
        let within: Bool?

        enum CodingKeys: String, CodingKey {
            case name, within
            case p50 = "p50_us"
            case p90 = "p90_us"
            case p99 = "p99_us"
            case max = "max_us"
        }
    }

    let topology: String
    let requests: Int
    let replies: Int
    /// Replies whose bytes were not those of their request.
    let changed: Int
    let journeys: Journeys
    /// Switch ids on the way out, then on the way back.
    let hops: [UInt32]
    let parts: [Part]
    /// By part of the system and reason, such as `switch.queue_full`; zeros are left out.
    let dropped: [String: UInt64]

    private let settings: Demo.Settings
    let client: ClientSummary
    let rows: [PartStatistics.Row]
    let weight: TelemetryWeight
    private let slowest: Journey?

    enum CodingKeys: String, CodingKey {
        case topology, requests, replies, changed, journeys, hops, parts, dropped
    }

    init(
        topology: String, settings: Demo.Settings, client report: ClientReport, journeys found: JourneyJoin.Snapshot,
        dropped: [String: UInt64]
    ) {
        self.topology = topology
        self.settings = settings
        client = ClientSummary(report)
        requests = report.sent
        replies = report.replied
        changed = report.changed
        journeys = Journeys(total: found.counts.journeys, complete: found.counts.complete)
        hops = found.latest?.hops.map(\.switchID.rawValue) ?? []
        rows = found.rows
        slowest = found.slowest
        weight = found.weight
        parts = found.rows.map { row in
            func microseconds(_ nanoseconds: UInt64) -> Double { (Double(nanoseconds) / 1000).rounded(places: 1) }
            return Part(
                name: row.kind.name(), p50: microseconds(row.p50), p90: microseconds(row.p90),
                p99: microseconds(row.p99), max: microseconds(row.max), within: row.kind.isWithin ? true : nil)
        }
        self.dropped = dropped
    }

    /// What kept requests from being answered or journeys from being seen whole.
    private var lossLines: [String] {
        let counts = dropped.sorted { $0.key < $1.key }.map { ["  " + $0.key, "\($0.value)"] }
        let table = TextTable([.left(), .left()], rows: counts)
        return counts.isEmpty ? [] : ["lost, or not measured, by place and reason:"] + table.lines
    }

    /// For people.
    func text(width: Int, style: TextStyle) -> String {
        var lines = [
            "\(requests) requests, \(replies) replies, \(journeys.total) journeys seen, \(journeys.complete) complete"
        ]
        if changed > 0 { lines.append("\(changed) replies came back with other bytes than were sent") }
        if let p50 = client.p50, let p90 = client.p90, let p99 = client.p99, let max = client.max {
            lines.append("round trip at the client: p50 \(p50) us, p90 \(p90) us, p99 \(p99) us, max \(max) us")
        }
        if settings.freq > 0 { lines.append("at most one request in \(settings.freq) us was followed (--freq)") }
        lines += lossLines
        if !rows.isEmpty { lines += [""] + PartTable(rows, style: style).lines }
        switch settings.level {
        case .minimal: lines.append("level 1 carries no times of switches and links; 2 to 4 do")
        case .compact, .constant: lines.append("levels 5 and 6 carry no times of links; 2 to 4 do")
        default: break
        }
        if let slowest {
            lines += ["", "the slowest:"] + Waterfall(slowest, width: Swift.min(width, 120), style: style).lines
        }
        return lines.joined(separator: "\n")
    }
}
