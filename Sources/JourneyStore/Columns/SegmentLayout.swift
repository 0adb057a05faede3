// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import Journeys
internal import TelemetryFormats

/// Everything that follows from a shape, computed once.
struct SegmentLayout: Sendable {
    let shape: JourneyShape
    let columns: [JourneyColumn]
    let predictions: [Prediction]
    private let reportColumns: [ReportColumn]

    init(_ shape: JourneyShape) {
        self.shape = shape
        columns = shape.columns()
        predictions = Prediction.all(for: columns)
        reportColumns = shape.report.columns
    }

    /// Values of a journey of this shape, in the order of the columns.
    func values(of journey: Journey, flow: Int64, path: Int64) -> [Int64] {
        var values: [Int64] = []
        values.reserveCapacity(columns.count)
        values.append(Int64(bitPattern: journey.time))
        values.append(Int64(bitPattern: journey.duration.count))
        values.append(Int64(journey.missing.rawValue))
        values.append(flow)
        values.append(path)
        if let client = journey.client {
            for time in [client.sent, client.arrived, client.received] {
                if let time { values.append(Int64(bitPattern: time)) }
            }
            values.append(Int64(client.unreported))
        }
        shape.report.append(journey.report, reportColumns, to: &values)
        return values
    }

    /// The journey that has these values.
    /// - Returns: nil if the shape is not known to this version.
    func journey(_ values: [Int64], flow: Flow) -> Journey? {
        guard values.count == columns.count else { return nil }
        var client: ClientTimes?
        if shape.client != nil {
            var times = ClientTimes()
            for (column, value) in zip(columns, values) { times.set(column.content, to: value) }
            client = times
        }
        let reported = Array(values.suffix(reportColumns.count))
        guard let report = shape.report.report(reported, reportColumns, flow: flow) else { return nil }
        return Journey(report, seenAt: UInt64(bitPattern: values[0]), client: client)
    }

    /// The columns that have to be read for those of `wanted`: themselves, and what they are predicted from.
    func needed(for wanted: Set<Int>) -> Set<Int> {
        var needed: Set<Int> = []
        var open = Array(wanted)
        while let column = open.popLast() {
            guard needed.insert(column).inserted else { continue }
            open += predictions[column].columns
        }
        return needed
    }
}

extension ClientTimes {
    fileprivate mutating func set(_ content: JourneyColumn.Content, to value: Int64) {
        switch content {
        case .clientSent: sent = UInt64(bitPattern: value)
        case .clientArrived: arrived = UInt64(bitPattern: value)
        case .clientReceived: received = UInt64(bitPattern: value)
        case .clientUnreported: unreported = UInt32(truncatingIfNeeded: value)
        default: break
        }
    }
}

extension Prediction {
    /// The columns that it needs.
    fileprivate var columns: [Int] {
        switch self {
        case .none, .previousRow: []
        case .sum(let a, let b), .difference(let a, let b): [a, b]
        case .column(let a): [a]
        case .start, .startMicroseconds: [0, 1]
        case .nanoseconds(let a, _): [0, a]
        }
    }
}
