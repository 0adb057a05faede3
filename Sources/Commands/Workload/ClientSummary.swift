// SPDX-License-Identifier: Apache-2.0

import Addresses
import LinuxSystem
import Workload

/// What the client prints at its end; its properties are the keys of `--json`.
struct ClientSummary: Encodable {
    let requests: Int
    let replies: Int
    let lost: Int
    let changed: Int
    let unexpected: Int
    let refused: Int
    let disconnected: Int
    let notSent: Int
    let seconds: Double
    let p50: Double?
    let p90: Double?
    let p99: Double?
    let max: Double?

    enum CodingKeys: String, CodingKey {
        case requests, replies, lost, changed, unexpected, refused, disconnected, seconds
        case notSent = "not_sent"
        case p50 = "p50_us"
        case p90 = "p90_us"
        case p99 = "p99_us"
        case max = "max_us"
    }

    init(_ report: ClientReport) {
        requests = report.sent
        replies = report.replied
        lost = report.lost
        changed = report.changed
        unexpected = report.unexpected
        refused = report.refused
        disconnected = report.disconnected
        notSent = report.notSent
        seconds = (Double(report.elapsed) / 1e9).rounded(places: 3)
        func microseconds(_ nanoseconds: UInt64?) -> Double? { nanoseconds.map { Double($0 / 100) / 10 } }
        p50 = microseconds(report.roundTrip(percentile: 50))
        p90 = microseconds(report.roundTrip(percentile: 90))
        p99 = microseconds(report.roundTrip(percentile: 99))
        max = microseconds(report.longestRoundTrip)
    }

    func text(_ destination: Endpoint) -> String {
        var lines = [
            "\(requests) requests to \(destination) in \(seconds.rounded(places: 1)) s, \(replies) replies, \(lost) lost"
                + (requests > 0 ? " (\((Double(lost) * 100 / Double(requests)).rounded(places: 2)) %)" : "")
        ]
        if changed > 0 { lines.append("\(changed) replies had other bytes than their requests") }
        if disconnected > 0 { lines.append("\(disconnected) times a connection was lost") }
        if unexpected > 0 { lines.append("\(unexpected) replies matched no outstanding request (late or duplicate)") }
        if notSent > 0 {
            lines.append("\(notSent) requests could not be sent: no room in the socket, or no connection")
        }
        if refused > 0 { lines.append("\(refused) times the host reported that no process listens on that port") }
        if let p50, let p90, let p99, let max {
            lines.append("round trip: p50 \(p50) us, p90 \(p90) us, p99 \(p99) us, max \(max) us")
        }
        return lines.joined(separator: "\n")
    }
}

extension Double {
    func rounded(places: Int) -> Double {
        let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
        return (self * scale).rounded() / scale
    }
}
