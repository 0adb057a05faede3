// SPDX-License-Identifier: Apache-2.0

import Collector
import Journeys
import Scenarios
import Workload

/// What `demo --json` prints; its coding keys are those of the object.
struct DemoDocument: Encodable {
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
        /// true for a part of the host's time, which is given before them as one.
        let within: Bool?

        enum CodingKeys: String, CodingKey {
            case name, within
            case p50 = "p50_us"
            case p90 = "p90_us"
            case p99 = "p99_us"
            case max = "max_us"
        }

        init(_ row: PartStatistics.Row) {
            func microseconds(_ time: Nanoseconds) -> Double { time.microseconds.rounded(places: 1) }
            name = row.kind.name()
            p50 = microseconds(row.p50)
            p90 = microseconds(row.p90)
            p99 = microseconds(row.p99)
            max = microseconds(row.max)
            within = row.kind.isWithin ? true : nil
        }
    }

    let topology: String
    let requests: Int
    let replies: Int
    /// Replies whose bytes were not those of their request.
    let changed: Int
    let journeys: Journeys
    /// Switch ids of the request path, then of the return path.
    let hops: [UInt32]
    let parts: [Part]
    let dropped: [String: UInt64]

    init(_ report: DemoReport) {
        topology = report.topology
        requests = report.client.sent
        replies = report.client.replied
        changed = report.client.changed
        journeys = Journeys(total: report.view.counts.journeys, complete: report.view.counts.complete)
        hops = report.view.latestComplete?.hops.map(\.switchID.rawValue) ?? []
        parts = report.view.statistics.rows.map(Part.init)
        dropped = report.dropped
    }
}
