// SPDX-License-Identifier: Apache-2.0

import Benchmarks

/// What `bench switch` found: the engine's rows and the ports' are parts of one object. Parts that were left out are
/// absent.
struct SwitchBenchReport: Encodable {
    var engine: [EngineBench.Row]?
    var ports: PortsReport?

    enum CodingKeys: String, CodingKey {
        case engine
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(engine, forKey: .engine)
        try ports?.encode(to: encoder)
    }

    /// For people.
    var text: String {
        ((engine ?? []).map(Self.line) + (ports.map(Self.lines) ?? [])).joined(separator: "\n")
    }

    private static func line(_ row: EngineBench.Row) -> String {
        let label =
            row.level.map { "\(row.program), level \($0) transit of 3 records" } ?? "\(row.program), no telemetry"
        return "\(label): \(row.median) ns per packet, fastest round \(row.fastest)"
    }

    private static func lines(_ report: PortsReport) -> [String] {
        report.ports.map(line) + report.latencies.map(line) + report.rates.map(line) + [
            "\(PortsBench.idleSwitches) idle switches: \(report.idleProcessorPercent) % of a processor in total, up to "
                + "\(report.memoryMegabytes) MB each"
        ]
    }

    private static func line(_ row: PortsBench.ThroughputRow) -> String {
        let share = (row.packetsPerSecond / row.barePacketsPerSecond * 100).rounded(places: 0)
        return "\(row.frameBytes)-byte frames, \(row.program), level \(row.level) on every packet: "
            + "\(Int(row.packetsPerSecond)) packets per second, \(share) % of the \(Int(row.barePacketsPerSecond)) of a bare "
            + "forwarder; \(row.processor) and \(row.bareProcessor) ns of processor time per packet; loss \(row.loss)"
    }

    private static func line(_ row: PortsBench.LatencyRow) -> String {
        "latency at \(Int(row.packetsPerSecond)) packets per second: median \(row.median) us, 99 % within \(row.p99) us; "
            + "bare forwarder \(row.bareMedian) and \(row.bareP99) us"
    }

    private static func line(_ row: PortsBench.RateRow) -> String {
        let error = ((row.measured / row.megabits - 1) * 100).rounded(places: 2)
        return "a link of \(Int(row.megabits)) Mbit/s: \(row.measured) Mbit/s came out, \(error) % off"
    }
}
