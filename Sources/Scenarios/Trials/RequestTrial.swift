// SPDX-License-Identifier: Apache-2.0

internal import InstalledFiles
internal import Collector
internal import Experiments
internal import Journeys
internal import Lab
internal import TelemetryFormats
internal import Workload

/// One case with a lab: requests from client to server, and what became of them and of their telemetry.
struct RequestTrial {
    static let settings = ["topology", "level", "rate", "duration", "freq", "mtu"]

    private let demo: Demo

    init(_ settings: SettingReader, _ installation: Installation, interruption: Int32) throws {
        let isOff = settings.text("level", default: "") == "off"
        let level = isOff ? .standard : try settings.level("level", in: Level.range)
        var demoSettings = DemoSettings(
            topology: settings.text("topology", default: "three-switch"),
            level: level,
            rate: try settings.number("rate", in: 1...1_000_000, default: 400),
            duration: try settings.number("duration", in: 0.1...3600, default: 5),
            freq: try settings.integer("freq", in: 0...1_000_000_000, default: 0))
        demoSettings.mtu = try settings.integer("mtu", in: LabOptions.mtuRange, default: LabOptions.usualMTU)
        demoSettings.hasTelemetry = !isOff
        demo = try Demo(demoSettings, installation, interruption: interruption)
    }

    func run() throws -> [Row] {
        let report = try demo.run()
        return [Row(values: results(report))] + frames(report.view.overhead) + parts(report) + groups(report)
    }

    private func results(_ report: DemoReport) -> [String: Double] {
        var values: [String: Double] = [
            "requests": Double(report.client.sent), "replies": Double(report.client.replied),
            "lost_percent": report.client.sent > 0
                ? Double(report.client.sent - report.client.replied) * 100 / Double(report.client.sent) : 0,
            "journeys": Double(report.view.counts.journeys), "journeys_complete": Double(report.view.counts.complete),
        ]
        // The last digit is cut off, as in the client's own report.
        for percentile in [50, 90, 99] {
            values["round_trip_p\(percentile)_us"] = report.client.roundTrip(percentile: Double(percentile))
                .map { Double($0 / 100) / 10 }
        }
        values["telemetry_bytes"] = report.view.overhead.replies.meanBytes
        return values
    }

    /// Bytes of telemetry on a request when it reaches the server, and on its reply at the sink.
    private func frames(_ overhead: Overhead) -> [Row] {
        [("request", overhead.requests), ("reply", overhead.replies)].filter { $0.1.count > 0 }.map { name, frames in
            Row(
                table: "frames", labels: ["frame": Label("\(frames.hops), \(name)")],
                values: ["hops": Double(frames.hops), "telemetry_bytes": frames.meanBytes])
        }
    }

    /// Each part by itself.
    private func parts(_ report: DemoReport) -> [Row] {
        func microseconds(_ time: Nanoseconds) -> Double { (time.microseconds * 10).rounded() / 10 }
        return report.view.statistics.rows.map { part in
            Row(
                table: "parts", labels: ["part": Label(part.kind.name())],
                values: [
                    "p50_us": microseconds(part.p50), "p90_us": microseconds(part.p90),
                    "p99_us": microseconds(part.p99), "max_us": microseconds(part.max),
                ])
        }
    }

    /// The medians of parts of one kind, added up.
    private func groups(_ report: DemoReport) -> [Row] {
        var order: [String] = []
        var sums: [String: Double] = [:]
        // A host with a latency breakdown counts by its stages, not once more by their sum.
        let hasBreakdown = report.view.statistics.rows.contains(where: \.kind.isWithin)
        for row in report.view.statistics.rows where !hasBreakdown || row.kind != .host {
            // Of a few requests some stages are known only together; they count for neither.
            if row.kind.isWithin, row.count * 2 < report.view.counts.journeys { continue }
            let group = row.kind.group
            if sums[group] == nil { order.append(group) }
            sums[group, default: 0] += row.p50.microseconds
        }
        return order.map { Row(table: "groups", labels: ["group": Label($0)], values: ["p50_us": sums[$0] ?? 0]) }
    }
}

extension JourneyPart.Kind {
    /// What it adds up with over the length of a path.
    fileprivate var group: String {
        switch self {
        case .hop(_, let direction): "switches \(direction.rawValue)"
        case .link(_, _, let direction), .clientLink(_, let direction), .directLink(let direction):
            "links \(direction.rawValue)"
        case .clientStack: "client"
        case .serverLink, .serverLinkOneWay, .lateLink: "server's link"
        case .host: "server"
        case .hostSpan(let span): "server: \(span.name)"
        case .reply, .replyWait, .acknowledgement: "server: \(name())"
        }
    }
}
