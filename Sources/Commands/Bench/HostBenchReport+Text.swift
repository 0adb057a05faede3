// SPDX-License-Identifier: Apache-2.0

import Benchmarks
import Workload

extension HostBenchReport {
    /// For people.
    var text: String {
        var lines = programs.map(Self.line)
        if let application { lines += [""] + application.map(Self.line) }
        if let requests { lines += [""] + requests.map(Self.line) }
        if !checked.isEmpty { lines += [""] + checked.flatMap(Self.lines) }
        return lines.joined(separator: "\n")
    }

    private static func line(_ row: HostBench.Row) -> String {
        let way = row.mode == "live" ? ", live" : ""
        return
            "\(row.program)\(way), level \(row.level), \(row.records) records: \(row.nanoseconds.rounded(places: 0)) ns "
            + "per packet; empty program \(row.empty.rounded(places: 0)), floor \(row.floor.rounded(places: 0))"
    }

    private static func lines(_ checked: Checked) -> [String] {
        let outcome = checked.outcome
        let line =
            "\(checked.transport.rawValue), \(outcome.replies) replies checked: \(outcome.corrupt) with a wrong byte, "
            + "\(outcome.correct) right, \(outcome.plain) without telemetry, \(outcome.lost) lost"
        let places = outcome.lostFrames.sorted { $0.key < $1.key }.map { "\($0.value) at \($0.key)" }
        return [line] + (places.isEmpty ? [] : ["  frames lost: " + places.joined(separator: ", ")])
    }

    private static func line(_ row: RequestCost) -> String {
        "\(row.protocol), \(row.mode): a request costs \(Int(row.interface)) ns in XDP and TC, \(Int(row.breakdown)) ns in "
            + "\(row.breakdownRuns.rounded(places: 1)) runs of the breakdown; an empty run \(Int(row.empty)) ns; beyond that "
            + "\(row.share.rounded(places: 2)) % of the processors' time"
    }

    private static func line(_ row: ApplicationBench.Row) -> String {
        "\(row.protocol), \(row.mode): \(Int(row.requestsPerSecond)) requests per second (\(difference(row.loss)) than off), "
            + "p50 \(row.p50.rounded(places: 1)) us, p99 \(row.p99.rounded(places: 1)) us, "
            + "\(row.processorTime.rounded(places: 2)) us of processors per request"
    }

    /// `2.5 % fewer`, or more where it is negative.
    private static func difference(_ loss: Double) -> String {
        "\(abs(loss).rounded(places: 1)) % \(loss < 0 ? "more" : "fewer")"
    }
}
