// SPDX-License-Identifier: Apache-2.0

import Addresses
internal import Documents
public import Journeys
public import TextLayout

/// What a run came to: counts, reasons, and the statistics by part.
public struct Summary: Sendable {
    public var counts: FrameCounts
    public var rows: [PartStatistics.Row]
    public var paths: RebuiltPaths
    public var overhead: Overhead
    /// Frames that the kernel had no room for: journeys lost before they were seen.
    public var lostFrames: UInt64
    /// Of requests that clients' hosts began telemetry for.
    public var losses: RequestLosses.Totals

    public init(_ view: LiveView, lostFrames: UInt64 = 0) {
        counts = view.counts
        rows = view.statistics.rows
        paths = view.paths
        overhead = view.overhead
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
        if losses.unreported > 0 {
            lines.append(
                style.paint(
                    "  \(losses.unreported) requests came back while nobody read, or too slowly: not lost, but not shown",
                    .yellow))
        }
        lines += overheadLines + paths.lines(names)
        guard !rows.isEmpty else { return lines }
        return lines + PartTable(rows, names: names, style: style).lines
    }

    private var overheadLines: [String] {
        guard let bytes = overhead.bytesPerPassage, let share = overhead.share else { return [] }
        let percent = (share * 1000).rounded() / 10
        return [
            "telemetry added \((bytes * 10).rounded() / 10) bytes to a followed packet on average on the links between switches, "
                + "\(percent) % of its own"
        ]
    }

    /// One JSON object on one line.
    public func json(names: PlaceNames = PlaceNames()) throws -> String {
        let reasons = Dictionary(uniqueKeysWithValues: counts.byReason.map { ($0.reason, $0.count) })
        let parts = rows.map { row in
            Document.Part(
                within: row.kind.isWithin ? true : nil, name: row.kind.name(names), count: row.count,
                p50_us: Double(row.p50) / 1000,
                p90_us: Double(row.p90) / 1000, p99_us: Double(row.p99) / 1000, max_us: Double(row.max) / 1000)
        }
        return try JSONText.line([
            "summary": Document(
                frames: counts.frames, journeys: counts.journeys, complete: counts.complete, plain: counts.plain,
                lost: lostFrames, reasons: reasons, parts: parts,
                requests: losses.returned == 0
                    ? nil
                    : Document.Requests(
                        returned: losses.returned, missing: losses.missing, lost_out: losses.lostOut,
                        lost_back: losses.lostBack, unreported: losses.unreported),
                overhead: overheadDocument, paths: pathDocuments(names))
        ])
    }

    private struct Document: Encodable {
        struct Part: Encodable {
            var within: Bool?
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
            var unreported: UInt64
        }

        struct Overhead: Encodable {
            /// On a link, of a packet that is followed.
            var bytes_per_packet: Double
            /// Of the packets' own bytes.
            var share: Double
        }

        struct Path: Encodable {
            var source: String
            var destination: String
            /// Names in the order of travel; a missing one is null.
            var out: [String?]
            var back: [String?]
            var packets: UInt64
            var whole: Bool
            /// Until every hop was told of: on average, and with 95 % certainty.
            var packets_needed_mean: Double
            var packets_needed_p95: Int
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
        var overhead: Overhead?
        var paths: [Path]?
    }

    private var overheadDocument: Document.Overhead? {
        guard let bytes = overhead.bytesPerPassage, let share = overhead.share else { return nil }
        return Document.Overhead(bytes_per_packet: bytes, share: share)
    }

    private func pathDocuments(_ names: PlaceNames) -> [Document.Path]? {
        guard !paths.paths.isEmpty else { return nil }
        return paths.paths.sorted { "\($0.key.flow)" < "\($1.key.flow)" }.map { key, path in
            let hops = path.switches.map { $0.map(names.name(of:)) }
            return Document.Path(
                source: "\(key.flow.source)", destination: "\(key.flow.destination)",
                out: Array(hops.prefix(path.hopsOut)), back: Array(hops.dropFirst(path.hopsOut)), packets: path.packets,
                whole: path.isComplete, packets_needed_mean: RebuiltPath.meanPackets(toSee: path.hops),
                packets_needed_p95: RebuiltPath.packets(toSee: path.hops, with: 0.95))
        }
    }
}
