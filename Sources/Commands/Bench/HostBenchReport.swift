// SPDX-License-Identifier: Apache-2.0

import Benchmarks
import HostAgent
import Workload

/// What `bench host` found; its coding keys are those of `--json`. Parts that were left out are absent.
struct HostBenchReport: Encodable {
    var programs: [HostBench.Row] = []
    var application: [ApplicationBench.Row]?
    var requests: [RequestCost]?
    /// Replies with a wrong byte.
    var corrupt: Int?
    var checked: [Checked] = []

    struct Checked {
        let transport: TransportProtocol
        let outcome: CorruptionCheck.Outcome
    }

    enum CodingKeys: String, CodingKey {
        case programs, application, requests, corrupt
    }

    /// For people.
    var text: String {
        var lines = programs.map(Self.line)
        if let application { lines += [""] + application.map(Self.line) }
        if let requests { lines += [""] + requests.map(Self.line) }
        if !checked.isEmpty { lines += [""] + checked.map(Self.line) }
        return lines.joined(separator: "\n")
    }

    private static func line(_ row: HostBench.Row) -> String {
        let way = row.way == "live" ? ", live" : ""
        return
            "\(row.program)\(way), level \(row.level), \(row.records) records: \(row.nanoseconds.rounded(places: 0)) ns a "
            + "packet; empty program \(row.empty.rounded(places: 0)), floor \(row.floor.rounded(places: 0))"
    }

    private static func line(_ checked: Checked) -> String {
        let outcome = checked.outcome
        return
            "\(checked.transport.rawValue), \(outcome.replies) replies checked: \(outcome.corrupt) with a wrong byte, "
            + "\(outcome.correct) right, \(outcome.plain) without telemetry, \(outcome.lost) lost"
    }

    private static func line(_ row: RequestCost) -> String {
        "\(row.protocol), a request with telemetry: \(Int(row.interface)) ns in XDP and TC; split: \(Int(row.split)) ns in "
            + "\(row.splitRuns.rounded(places: 1)) runs"
    }

    private static func line(_ row: ApplicationBench.Row) -> String {
        "\(row.protocol), \(row.mode): \(Int(row.requestsPerSecond)) requests a second (\(row.loss.rounded(places: 1)) % "
            + "less than off), p50 \(row.p50.rounded(places: 1)) us, p99 \(row.p99.rounded(places: 1)) us, "
            + "\(row.processorTime.rounded(places: 2)) us of processors a request"
    }
}
