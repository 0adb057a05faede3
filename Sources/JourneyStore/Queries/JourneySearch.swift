// SPDX-License-Identifier: Apache-2.0

internal import Journeys

/// One query on its way through the hours. Without a condition it first finds rows, then reads the journeys of those that
/// are in the answer; a condition needs the journeys at once.
struct JourneySearch {
    private let query: JourneyQuery
    /// Rows that are in the answer as far as is known, without more than are wanted.
    private(set) var candidates: [HourReader.Candidate] = []
    var answer = JourneyAnswer()

    init(_ query: JourneyQuery) { self.query = query }

    /// Nothing that comes later can be in the answer.
    var isDone: Bool { query.order == .stored && candidates.count + answer.journeys.count >= query.limit }

    mutating func look(into reader: inout HourReader) throws {
        for segment in try reader.segments(since: query.since, until: query.until) where !isDone {
            guard query.order == .stored || mayBeSlow(segment) else { continue }
            let found = try reader.candidates(in: segment, query)
            if query.condition == nil {
                add(found)
            } else {
                try add(reader.journeys(found.map(\.id.row), of: segment))
            }
        }
    }

    /// Reads the journeys of rows of one hour.
    mutating func fetch(_ rows: [HourReader.Candidate], from reader: inout HourReader) throws {
        let wanted = Dictionary(grouping: rows, by: \.id.segment)
        for id in wanted.keys.sorted() {
            guard let segment = try reader.segment(id) else { continue }
            answer.journeys += try reader.journeys((wanted[id] ?? []).map(\.id.row), of: segment)
        }
    }

    /// The answer in the order that was asked for.
    var sorted: JourneyAnswer {
        var answer = answer
        if query.order == .slowest { answer.journeys.sort { $0.journey.duration > $1.journey.duration } }
        return answer
    }

    private func mayBeSlow(_ segment: HourReader.Segment) -> Bool {
        guard candidates.count >= query.limit, let least = candidates.last else { return true }
        return segment.slowest > least.duration
    }

    private mutating func add(_ found: [HourReader.Candidate]) {
        candidates += found
        if query.order == .slowest { candidates.sort { $0.duration > $1.duration } }
        if candidates.count > query.limit { candidates.removeLast(candidates.count - query.limit) }
    }

    private mutating func add(_ found: [StoredJourney]) {
        answer.journeys += found.filter { query.condition?($0.journey) ?? true }
        if query.order == .slowest { answer.journeys.sort { $0.journey.duration > $1.journey.duration } }
        if answer.journeys.count > query.limit { answer.journeys.removeLast(answer.journeys.count - query.limit) }
    }
}
