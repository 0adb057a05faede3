// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import GRDB
internal import Journeys

/// Reads the journeys of one hour, while another process may write to its file.
struct HourReader: ~Copyable {
    /// A segment's row in its table.
    struct Segment: Sendable {
        let id: UInt32
        let shape: Int64
        let first: Int64
        let last: Int64
        let rows: Int
        let slowest: Int64
        let isSealed: Bool
    }

    /// A row of a segment, by the columns that every shape has.
    struct Candidate: Sendable {
        let id: JourneyID
        let time: Int64
        let duration: Int64
    }

    let hour: UInt32
    private let path: String
    private let file: DatabaseQueue
    private let layouts: [Int64: SegmentLayout]
    private let flows: [Int64: Flow]
    private let paths: [Int64: PathKey]
    private var tables = SegmentTables()
    /// What could not be read.
    private(set) var damage: [String] = []

    init(_ hour: UInt32, _ path: String) throws {
        let file = try HourFile.openForReading(path)
        let (shapes, flows, paths) = try file.read { database in
            (
                try JourneyShape.all(database).map { ($0.0, SegmentLayout($0.1)) },
                try Row.fetchAll(database, sql: "SELECT * FROM flow").compactMap { row in
                    Flow(row).map { (row["id"] as Int64, $0) }
                },
                try Row.fetchAll(database, sql: "SELECT * FROM path").compactMap { row in
                    PathKey(row["hops"] as String).map { (row["id"] as Int64, $0) }
                }
            )
        }
        self.hour = hour
        self.path = path
        self.file = file
        layouts = Dictionary(shapes, uniquingKeysWith: { $1 })
        self.flows = Dictionary(flows, uniquingKeysWith: { $1 })
        self.paths = Dictionary(paths, uniquingKeysWith: { $1 })
    }

    /// The segments that may have journeys of these times.
    func segments(since: UInt64, until: UInt64) throws -> [Segment] {
        try file.read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT * FROM segment WHERE last >= ? AND first < ? ORDER BY id",
                arguments: [Int64(clamping: since), Int64(clamping: until)])
        }.map { row in
            Segment(
                id: row["id"], shape: row["shape"], first: row["first"], last: row["last"], rows: row["rows"],
                slowest: row["slowest"], isSealed: row["sealed"])
        }
    }

    /// The rows of a segment that the query asks for, without its condition; of the slowest, not more than are wanted.
    mutating func candidates(in segment: Segment, _ query: JourneyQuery) throws -> [Candidate] {
        if query.isAnsweredBySlowest, query.contains(segment), segment.isSealed { return try slowest(of: segment) }
        let found = try matchingRows(of: segment, query)
        guard query.order == .slowest, query.condition == nil, found.count > query.limit else { return found }
        return Array(found.sorted { $0.duration > $1.duration }.prefix(query.limit))
    }

    private mutating func matchingRows(of segment: Segment, _ query: JourneyQuery) throws -> [Candidate] {
        guard let columns = try columns(of: segment, [0, 1, 2, 3, 4]) else { return [] }
        let flows = query.flow.isEmpty ? nil : Set(self.flows.filter { query.flow.accepts($0.value) }.keys)
        let paths = query.path.map { path in Set(self.paths.filter { $0.value == path }.keys) }
        let (since, until) = (Int64(clamping: query.since), Int64(clamping: query.until))
        let least = Int64(clamping: query.slowerThan?.count ?? 0)
        var found: [Candidate] = []
        for row in columns[0].indices {
            guard columns[0][row] >= since, columns[0][row] < until, columns[1][row] >= least else { continue }
            if query.isIncomplete, columns[2][row] == 0 { continue }
            if let flows, !flows.contains(columns[3][row]) { continue }
            if let paths, !paths.contains(columns[4][row]) { continue }
            let id = JourneyID(hour: hour, segment: segment.id, row: UInt16(truncatingIfNeeded: row))
            found.append(Candidate(id: id, time: columns[0][row], duration: columns[1][row]))
        }
        return found
    }

    /// The slowest rows of a sealed segment, by its table of them; exact up to its 100.
    private func slowest(of segment: Segment) throws -> [Candidate] {
        try file.read { database in
            try Row.fetchAll(
                database, sql: "SELECT row, duration FROM slow WHERE segment = ?", arguments: [segment.id])
        }.map { row in
            Candidate(
                id: JourneyID(hour: hour, segment: segment.id, row: row["row"]), time: segment.first,
                duration: row["duration"])
        }
    }

    /// Complete rows of one segment as journeys.
    /// - Parameter rows: those that are wanted.
    mutating func journeys(_ rows: [UInt16], of segment: Segment) throws -> [StoredJourney] {
        guard let layout = layouts[segment.shape], let columns = try columns(of: segment, nil) else { return [] }
        return rows.compactMap { row in
            let index = Int(row)
            guard columns[0].indices.contains(index) else { return nil }
            let values = columns.map { $0[index] }
            let flow = flows[values[3]] ?? .other
            let id = JourneyID(hour: hour, segment: segment.id, row: row)
            return layout.journey(values, flow: flow).map { StoredJourney(id: id, journey: $0) }
        }
    }

    /// The segment of this number.
    func segment(_ id: UInt32) throws -> Segment? {
        try segments(since: 0, until: .max).first { $0.id == id }
    }

    private mutating func columns(of segment: Segment, _ wanted: Set<Int>?) throws -> [[Int64]]? {
        guard let layout = layouts[segment.shape] else {
            damage.append("\(path): segment \(segment.id) has a shape that this version does not know")
            return nil
        }
        var tables = SegmentTables()
        swap(&tables, &self.tables)
        defer { swap(&tables, &self.tables) }
        let (columns, damaged): ([[Int64]]?, Int) = try file.read { database in
            // Between the two reads another process may have sealed the segment.
            let isSealed = try Bool.fetchOne(
                database, sql: "SELECT sealed FROM segment WHERE id = ?", arguments: [segment.id])
            guard isSealed == true else { return try tables.pendingColumns(of: segment.id, layout, database) }
            let rows = try Int.fetchOne(
                database, sql: "SELECT rows FROM segment WHERE id = ?", arguments: [segment.id])
            return (
                try tables.columns(of: segment.id, rows: rows ?? 0, layout, wanted: wanted, database), 0
            )
        }
        if columns == nil {
            damage.append("\(path): segment \(segment.id) is damaged: \(segment.rows) journeys are lost")
        }
        if damaged > 0 { damage.append("\(path): \(damaged) journeys of segment \(segment.id) are damaged and lost") }
        return columns
    }
}

extension JourneyQuery {
    /// Whether the table of each segment's slowest journeys has all that can be in the answer.
    fileprivate var isAnsweredBySlowest: Bool {
        order == .slowest && limit <= OpenSegment.slowest && flow.isEmpty && path == nil && !isIncomplete
            && slowerThan == nil && condition == nil
    }

    fileprivate func contains(_ segment: HourReader.Segment) -> Bool {
        segment.first >= Int64(clamping: since) && segment.last < Int64(clamping: until)
    }
}

extension Flow {
    /// What stands for the flows beyond a file's capacity.
    static let other = Flow(source: .v4(IPv4Address(rawValue: 0)), destination: .v4(IPv4Address(rawValue: 0)))
}
