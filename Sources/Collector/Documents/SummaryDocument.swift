// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import Documents
public import Journeys

extension Summary {
    /// One JSON object on one line, whose only key is `summary`.
    /// - Throws: `EncodingError` if a value cannot be expressed in JSON.
    public func json(names: PlaceNames = PlaceNames()) throws -> String {
        try JSONText.line(["summary": SummaryDocument(self, names)])
    }
}

/// A summary as a JSON object; its properties are named as the keys are.
private struct SummaryDocument: Encodable {
    struct Part: Encodable {
        var within: Bool?
        var beside: Bool?
        var name: String
        var count: UInt64
        var p50_us: Double
        var p90_us: Double
        var p99_us: Double
        var max_us: Double

        init(_ row: PartStatistics.Row, _ names: PlaceNames) {
            within = row.kind.isWithin ? true : nil
            beside = row.kind.isBeside ? true : nil
            name = row.kind.name(names)
            count = row.count
            p50_us = row.p50.microseconds
            p90_us = row.p90.microseconds
            p99_us = row.p99.microseconds
            max_us = row.max.microseconds
        }
    }

    struct Requests: Encodable {
        var returned: UInt64
        var missing: UInt64
        var lost_out: UInt64
        var lost_back: UInt64
        var unreported: UInt64
        var restarts: UInt64

        init?(_ losses: RequestLosses.Totals) {
            guard losses.returned > 0 else { return nil }
            returned = losses.returned
            missing = losses.missing
            lost_out = losses.lostOut
            lost_back = losses.lostBack
            unreported = losses.unreported
            restarts = losses.restarts
        }
    }

    struct Unreturned: Encodable {
        var requests: UInt64
        var no_room: UInt64
        var unanswered: UInt64
        var reply_lost: UInt64
        var given_up: UInt64
        var returned_late: UInt64
        var unseen: UInt64

        init?(_ summary: Summary) {
            let counts = summary.counts
            guard counts.notReturned + counts.returnedLate + summary.unseen > 0 else { return nil }
            requests = counts.notReturned
            no_room = counts.missing[.noRoomInReply] ?? 0
            unanswered = counts.missing[.unanswered] ?? 0
            reply_lost = counts.missing[.replyLost] ?? 0
            given_up = counts.missing[.givenUpAtHost] ?? 0
            returned_late = counts.returnedLate
            unseen = summary.unseen
        }
    }

    struct Overhead: Encodable {
        /// Bytes of telemetry of a packet on a link, on average.
        var bytes_per_packet: Double
        /// Of the packets' own bytes.
        var share: Double

        init?(_ overhead: Collector.Overhead) {
            guard let bytes = overhead.bytesPerTraversal, let share = overhead.share else { return nil }
            bytes_per_packet = bytes
            self.share = share
        }
    }

    struct Path: Encodable {
        var source: String
        var destination: String
        /// Names in the order of travel; an unknown one is null.
        var out: [String?]
        var back: [String?]
        var packets: UInt64
        var whole: Bool
        /// Packets until every hop was reported: on average, and with 95 % certainty.
        var packets_needed_mean: Double
        var packets_needed_p95: Int

        init(_ key: RebuiltPaths.Key, _ path: RebuiltPath, _ names: PlaceNames) {
            let hops = path.switches.map { $0.map(names.name(of:)) }
            source = "\(key.flow.source)"
            destination = "\(key.flow.destination)"
            out = Array(hops.prefix(path.hopsOut))
            back = Array(hops.dropFirst(path.hopsOut))
            packets = path.packets
            whole = path.isComplete
            packets_needed_mean = RebuiltPath.meanPackets(toSee: path.hops)
            packets_needed_p95 = RebuiltPath.packets(toSee: path.hops, with: 0.95)
        }
    }

    var frames: UInt64
    var journeys: UInt64
    var complete: UInt64
    var plain: UInt64
    var lost: UInt64
    var reasons: [String: UInt64]
    var parts: [Part]
    /// Only with journeys whose INT source was the client's host.
    var requests: Requests?
    /// Only with reports of hosts about requests that did not return.
    var unreturned: Unreturned?
    var overhead: Overhead?
    /// Only with journeys that report one hop each.
    var paths: [Path]?

    init(_ summary: Summary, _ names: PlaceNames) {
        frames = summary.counts.frames
        journeys = summary.counts.journeys
        complete = summary.counts.complete
        plain = summary.counts.plain
        lost = summary.lostFrames
        reasons = Dictionary(uniqueKeysWithValues: summary.counts.byReason.map { ($0.reason, $0.count) })
        parts = summary.rows.map { Part($0, names) }
        requests = Requests(summary.losses)
        unreturned = Unreturned(summary)
        overhead = Overhead(summary.overhead)
        guard !summary.paths.paths.isEmpty else { return }
        paths = summary.paths.paths.sorted { "\($0.key.flow)" < "\($1.key.flow)" }.map { Path($0.key, $0.value, names) }
    }
}
