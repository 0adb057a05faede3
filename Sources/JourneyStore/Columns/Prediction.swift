// SPDX-License-Identifier: Apache-2.0

internal import TelemetryFormats

/// What a value will be by the columns before it. Only the difference from that is stored: it is small where one time
/// follows another, and 0 where a field repeats what others say.
enum Prediction: Sendable, Hashable {
    /// Nothing is known.
    case none
    /// The value of the row before.
    case previousRow
    /// The sum of two columns.
    case sum(Int, Int)
    /// One column less another.
    case difference(Int, Int)
    /// One column.
    case column(Int)
    /// When the journey began, by the first two columns: microseconds or nanoseconds.
    case startMicroseconds, start
    /// A column of microseconds, only the lowest bits of a time, as nanoseconds at or before the first column.
    case nanoseconds(of: Int, bits: Int)
}

extension Prediction {
    /// The predictions for the columns of a shape. Each refers to columns before its own.
    static func all(for columns: [JourneyColumn]) -> [Prediction] {
        var places: [JourneyColumn.Content: Int] = [:]
        return columns.indices.map { index in
            places[columns[index].content] = index
            return prediction(of: columns[index].content, places, columns)
        }
    }

    private static func prediction(
        of content: JourneyColumn.Content, _ places: [JourneyColumn.Content: Int], _ columns: [JourneyColumn]
    ) -> Prediction {
        switch content {
        case .time: .previousRow
        case .clientSent: .start
        case .clientArrived, .clientReceived: .column(0)
        case .report(.hop(let hop, let value)): prediction(of: value, ofHop: hop, places)
        case .report(.sourceSent): .start
        case .report(.hostOrdinal), .report(.sourceSequence), .report(.sequence), .report(.acknowledgement):
            .previousRow
        case .report(.hostArrival): arrival(places, columns)
        default: .none
        }
    }

    private static func prediction(
        of value: HopValue, ofHop hop: Int, _ places: [JourneyColumn.Content: Int]
    ) -> Prediction {
        func place(_ value: HopValue, before: Int = 0) -> Int? { places[.report(.hop(hop - before, value))] }
        let earlier = place(.egressTime, before: 1) ?? place(.enqueueTime, before: 1)
        switch value {
        case .ingressTime: return earlier.map(Prediction.column) ?? .startMicroseconds
        case .enqueueTime:
            return (place(.ingressTime) ?? earlier).map(Prediction.column) ?? .startMicroseconds
        case .egressTime:
            guard let entry = place(.enqueueTime), let wait = place(.queueTime) else { return .startMicroseconds }
            return .sum(entry, wait)
        case .latency:
            if let entry = place(.ingressTime), let exit = place(.egressTime) { return .difference(exit, entry) }
            return place(.queueTime).map(Prediction.column) ?? .none
        case .lastTelemetryTime: return .startMicroseconds
        case .packetLength: return place(.packetLength, before: 1).map(Prediction.column) ?? .none
        default: return .none
        }
    }

    /// The host sees the request right after the last switch of the request path has sent it.
    private static func arrival(_ places: [JourneyColumn.Content: Int], _ columns: [JourneyColumn]) -> Prediction {
        let egress = places.filter { if case .report(.hop(_, .egressTime)) = $0.key { true } else { false } }
        guard let middle = egress.values.sorted().dropLast(egress.count / 2).last else { return .start }
        return .nanoseconds(of: middle, bits: columns[middle].bits)
    }
}

extension Prediction {
    /// What `row` should contain of a column that is predicted so, before its own value is known.
    func value(_ row: Int, _ columns: borrowing [[Int64]], _ own: Int) -> Int64 {
        switch self {
        case .none: 0
        case .previousRow: row == 0 ? 0 : columns[own][row - 1]
        case .sum(let a, let b): columns[a][row] &+ columns[b][row]
        case .difference(let a, let b): columns[a][row] &- columns[b][row]
        case .column(let a): columns[a][row]
        case .start: columns[0][row] &- columns[1][row]
        case .startMicroseconds: (columns[0][row] &- columns[1][row]) / 1000
        case .nanoseconds(let a, let bits):
            columns[0][row] &- (columns[0][row] / 1000 &- columns[a][row]).lowest(bits) &* 1000
        }
    }
}

extension Int64 {
    /// The lowest bits as a number without a sign.
    fileprivate func lowest(_ bits: Int) -> Int64 {
        bits >= 64 ? self : self & (1 << Int64(bits) &- 1)
    }

    /// The lowest bits as a number with a sign.
    fileprivate func signed(_ bits: Int) -> Int64 {
        let unused = Int64(64 - Swift.min(Swift.max(bits, 1), 64))
        return (self << unused) >> unused
    }
}

/// The columns of a segment as differences from their predictions, and back.
enum PredictedColumns {
    /// - Returns: what is stored of each column.
    static func differences(
        _ columns: borrowing [[Int64]], _ predictions: [Prediction], _ kinds: [JourneyColumn], rows: Int
    ) -> [[Int64]] {
        var result: [[Int64]] = []
        result.reserveCapacity(columns.count)
        for index in columns.indices {
            guard predictions[index] != .none else {
                result.append(columns[index])
                continue
            }
            var differences = [Int64](repeating: 0, count: rows)
            for row in 0..<rows {
                let predicted = predictions[index].value(row, columns, index)
                differences[row] = (columns[index][row] &- predicted).signed(kinds[index].bits)
            }
            result.append(differences)
        }
        return result
    }

    /// - Parameter columns: differences up to the columns' own values; values when this returns.
    static func restore(
        _ columns: inout [[Int64]], _ predictions: [Prediction], _ kinds: [JourneyColumn], rows: Int
    ) {
        for index in columns.indices where predictions[index] != .none && columns[index].count == rows {
            for row in 0..<rows {
                let predicted = predictions[index].value(row, columns, index)
                columns[index][row] = (columns[index][row] &+ predicted).lowest(kinds[index].bits)
            }
        }
    }
}
