// SPDX-License-Identifier: Apache-2.0

public import Telemetry

/// What a run came to: counts, reasons, and the statistics by part.
public struct Summary: Sendable {
    public var counts: FrameCounts
    public var rows: [PartStatistics.Row]
    /// Frames that the kernel had no room for: journeys lost before they were seen.
    public var lostFrames: UInt64
    /// Of requests that clients' hosts began telemetry for.
    public var losses: RequestLosses.Totals

    public init(_ view: LiveView, lostFrames: UInt64 = 0) {
        counts = view.counts
        rows = view.statistics.rows
        self.lostFrames = lostFrames
        losses = view.losses.totals
    }

    /// For people.
    public func lines(names: PlaceNames = PlaceNames(), style: TextStyle = .plain) -> [String] {
        var lines = [
            "\(counts.frames) frames: \(counts.journeys) journeys, \(counts.complete) of them complete, "
                + "\(counts.plain) frames without telemetry"
        ]
        if lostFrames > 0 {
            lines.append(style.paint("\(lostFrames) frames lost, as they came faster than they were read", .red))
        }
        lines += counts.byReason.map { style.paint("  \($0.reason): \($0.count)", .yellow) }
        if losses.missing > 0 {
            lines.append(
                style.paint(
                    "  \(losses.missing) requests missing between \(losses.returned): \(losses.lostOut) lost on the way out, "
                        + "\(losses.lostBack) unanswered or lost on the way back", .yellow))
        }
        guard !rows.isEmpty else { return lines }
        return lines + PartTable(rows, names: names, style: style).lines
    }

    /// One JSON object on one line.
    public func json(names: PlaceNames = PlaceNames()) -> String {
        let reasons = Dictionary(uniqueKeysWithValues: counts.byReason.map { ($0.reason, $0.count) })
        let parts = rows.map { row in
            Document.Part(
                name: row.kind.name(names), count: row.count, p50_us: Double(row.p50) / 1000,
                p90_us: Double(row.p90) / 1000, p99_us: Double(row.p99) / 1000, max_us: Double(row.max) / 1000)
        }
        return JSONLine.text([
            "summary": Document(
                frames: counts.frames, journeys: counts.journeys, complete: counts.complete, plain: counts.plain,
                lost: lostFrames, reasons: reasons, parts: parts,
                requests: losses.returned == 0
                    ? nil
                    : Document.Requests(
                        returned: losses.returned, missing: losses.missing, lost_out: losses.lostOut,
                        lost_back: losses.lostBack))
        ])
    }

    private struct Document: Encodable {
        struct Part: Encodable {
            var name: String
            var count: UInt64
            var p50_us: Double
            var p90_us: Double
            var p99_us: Double
            var max_us: Double
        }

        struct Requests: Encodable {
            var returned: UInt64
            var missing: UInt64
            var lost_out: UInt64
            var lost_back: UInt64
        }

        var frames: UInt64
        var journeys: UInt64
        var complete: UInt64
        var plain: UInt64
        var lost: UInt64
        var reasons: [String: UInt64]
        var parts: [Part]
        /// Only where a client's host began telemetry.
        var requests: Requests?
    }
}
