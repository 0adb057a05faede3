// SPDX-License-Identifier: Apache-2.0

import TelemetryFormats
import TextLayout

/// The text form of a plan: the choice, then one row per level.
enum PlanText {
    static func lines(_ best: TelemetryPlan?, among plans: [TelemetryPlan], packetBytes: Int) -> [String] {
        (best.map { choice($0, packetBytes) } ?? []) + table(plans, best: best)
    }

    private static func choice(_ best: TelemetryPlan, _ packetBytes: Int) -> [String] {
        let value =
            best.level == .minimal
            ? "a depth, exact: no latencies"
            : best.valueError.map { $0 == 0 ? "exact to 1 us" : "within \(percent($0))" } ?? "a depth as a class"
        return [
            "level \(best.level.rawValue), tracing "
                + (best.sampling == 1 ? "every request" : "1 request in \(best.sampling)"),
            "  \(best.bytesPerPacket.rounded(places: 2)) bytes per packet on average, \(percent(best.overhead)) of the traffic; "
                + "\(best.mostTelemetry) bytes in the longest frame, \(best.headRoom) bytes below the MTU",
            "  a traced packet carries \((best.tracedOverhead * Double(packetBytes)).rounded(places: 2)) bytes on average, "
                + "\(percent(best.tracedOverhead)) of its own bytes: the overhead that `p4netintel monitor` reports",
            "  \(count(best.samplesPerSecond)) samples per second of each hop: p99 within \(best.rankError.rounded(places: 2)) "
                + "percentiles after a second; each value \(value)",
            "  on the switch next to the client: p4netintel control SWITCH 'table_add watchlist \(policy(best))'", "",
        ]
    }

    /// The entry of the `watchlist` table of p4/INT.p4 for this plan.
    private static func policy(_ plan: TelemetryPlan) -> String {
        plan.sampling == 1
            ? "every SERVER/32 => \(plan.level.rawValue)"
            : "one_in SERVER/32 => \(plan.level.rawValue) \(plan.sampling)"
    }

    private static func table(_ plans: [TelemetryPlan], best: TelemetryPlan?) -> [String] {
        let columns: [TextTable.Column] = [
            .right("level", width: 7), .right("sampling", width: 10), .right("bytes/packet"), .right("overhead"),
            .right("longest"), .right("head-room"), .right("samples/s", width: 10), .right("p99 within"),
            .left("value error"),
        ]
        let byLevel = plans.sorted { $0.level.rawValue < $1.level.rawValue }
        return TextTable(columns, rows: byLevel.map { row($0, isBest: $0 == best) }).lines
    }

    private static func row(_ plan: TelemetryPlan, isBest: Bool) -> [String] {
        [
            "\(isBest ? "* " : "")\(plan.level.rawValue)", "1 in \(plan.sampling)",
            "\(plan.bytesPerPacket.rounded(places: 2))", percent(plan.overhead), "\(plan.mostTelemetry)",
            "\(plan.headRoom)", count(plan.samplesPerSecond), "\(plan.rankError.rounded(places: 2))",
            plan.level == .minimal ? "depths only" : plan.valueError.map(percent) ?? "depth classes",
        ]
    }

    private static func percent(_ share: Double) -> String { "\((share * 100).rounded(places: 2)) %" }

    private static func count(_ number: Double) -> String {
        number >= 100 ? "\(Int(number.rounded()))" : "\(number.rounded(places: 1))"
    }
}
