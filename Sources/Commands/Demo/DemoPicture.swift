// SPDX-License-Identifier: Apache-2.0

import Collector
import Drawings
import Foundation
import Journeys
import Scenarios
import Workload

/// The slowest request of a demo as an SVG file.
struct DemoPicture {
    let report: DemoReport

    /// - Throws: if there is no complete journey, or the file cannot be written.
    func write(to file: String) throws {
        guard let journey = report.view.slowest else { throw CommandError("no picture: no journey is complete") }
        let picture = JourneyPicture(
            parts: journey.parts, title: "Where the slowest of \(report.client.sent) requests spent its time",
            subtitle: subtitle(journey))
        do {
            try Data(picture.svg.utf8).write(to: URL(filePath: file))
        } catch {
            throw CommandError("cannot write \(file): \(error.localizedDescription)")
        }
    }

    private func subtitle(_ journey: Journey) -> String {
        var facts: [String] = []
        if let id = journey.requestID { facts.append("request " + String(id, radix: 16)) }
        facts.append("\(journey.flow)")
        facts.append("telemetry level \(journey.encoding.variant)")
        if let total = journey.total { facts.append("\((total + 500).count / 1000) us in all") }
        return facts.joined(separator: "  ·  ")
    }
}
