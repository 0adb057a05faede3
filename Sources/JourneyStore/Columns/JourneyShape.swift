// SPDX-License-Identifier: Apache-2.0

internal import Journeys
internal import TelemetryFormats

/// What journeys that are stored together have in common: the same columns.
struct JourneyShape: Sendable, Hashable, Codable {
    /// What was reported.
    var report: ReportShape
    /// Which of the client's times are known; nil: nothing of the client.
    var client: ClientShape?

    /// Which of the client's times are known.
    struct ClientShape: Sendable, Hashable, Codable {
        var sent: Bool
        var arrived: Bool
        var received: Bool
    }

    /// - Returns: nil for a report of a level that has no layout here.
    init?(of journey: Journey) {
        guard let report = ReportShape(of: journey.report) else { return nil }
        self.report = report
        client = journey.client.map {
            ClientShape(sent: $0.sent != nil, arrived: $0.arrived != nil, received: $0.received != nil)
        }
    }
}

/// One column of the journeys of a shape.
struct JourneyColumn: Sendable, Hashable {
    /// What it is.
    enum Content: Sendable, Hashable {
        /// When the collector saw the report: nanoseconds of the domain's clock.
        case time
        /// `Journey.duration`, nanoseconds.
        case duration
        /// The bits of `Journey.missing`.
        case missing
        /// The flow's and the path's number in the file.
        case flow, path
        /// The client's times, in nanoseconds, and how many earlier replies it could not report.
        case clientSent, clientArrived, clientReceived, clientUnreported
        /// Something that was reported.
        case report(ReportColumn.Content)
    }

    let content: Content
    /// Bits of the value; arithmetic on it is modulo 2 to this power.
    let bits: Int
}

extension JourneyShape {
    /// The columns in their order. Queries rely on the place of the first five.
    func columns() -> [JourneyColumn] {
        var columns = [JourneyColumn.Content.time, .duration, .missing, .flow, .path]
        if let client {
            if client.sent { columns.append(.clientSent) }
            if client.arrived { columns.append(.clientArrived) }
            if client.received { columns.append(.clientReceived) }
            columns.append(.clientUnreported)
        }
        return columns.map { JourneyColumn(content: $0, bits: 64) }
            + report.columns.map { JourneyColumn(content: .report($0.content), bits: $0.bits) }
    }
}
