// SPDX-License-Identifier: Apache-2.0

internal import GRDB
internal import Journeys

/// Writes the journeys of one hour. All methods belong to one thread.
struct HourWriter: ~Copyable {
    /// Nanoseconds after which a segment is sealed though it is not full.
    private static let sealAfter: UInt64 = 60_000_000_000
    /// The most segments that are open at once; the one with the fewest rows gives way.
    private static let openLimit = 32

    let hour: UInt32
    private let file: DatabaseQueue
    private var dictionaries: Dictionaries
    private var open: [JourneyShape: OpenSegment] = [:]
    /// Segments that were full, or gave way, and are not in the file yet.
    private var full: [OpenSegment] = []
    private var lastSegment: UInt32

    /// Opens the hour's file in the folder and seals what an earlier writer left open.
    init(_ hour: UInt32, in folder: String) throws {
        let file = try HourFile.open("\(folder)/\(HourFile.name(ofHour: hour))")
        try file.write { database in
            var tables = SegmentTables()
            for segment in try tables.pending(database) { try tables.seal(segment, database) }
        }
        let (known, last) = try file.read { database in
            (try Dictionaries(database), try UInt32.fetchOne(database, sql: "SELECT max(id) FROM segment") ?? 0)
        }
        self.hour = hour
        self.file = file
        dictionaries = known
        lastSegment = last
    }

    /// Journeys of flows, and of paths, that the file has no room for.
    var others: (flows: UInt64, paths: UInt64) { (dictionaries.otherFlows, dictionaries.otherPaths) }

    /// Journeys that are not in the file yet.
    var uncommitted: Int {
        (full + open.values).reduce(0) { $0 + $1.rows - $1.committed }
    }

    /// Journeys that wait for more of their shape.
    var unsealed: Int { (full + open.values).reduce(0) { $0 + $1.rows } }

    /// - Parameter now: nanoseconds of the caller's clock.
    /// - Returns: where it is; nil for a report of a level that has no layout here.
    mutating func append(_ journey: Journey, at now: UInt64) -> JourneyID? {
        guard let shape = JourneyShape(of: journey) else { return nil }
        if open[shape] == nil { begin(shape, at: now) }
        let flow = dictionaries.number(of: journey.flow)
        let path = dictionaries.number(of: PathKey(of: journey))
        guard let row = open[shape]?.appended(journey, flow: flow, path: path), let segment = open[shape] else {
            return nil
        }
        if segment.isFull {
            full.append(segment)
            open[shape] = nil
        }
        return JourneyID(hour: hour, segment: segment.id, row: row)
    }

    private mutating func begin(_ shape: JourneyShape, at now: UInt64) {
        if open.count >= Self.openLimit,
            let least = open.min(by: { ($0.value.rows, $0.value.id) < ($1.value.rows, $1.value.id) })
        {
            full.append(least.value)
            open[least.key] = nil
        }
        lastSegment += 1
        open[shape] = OpenSegment(lastSegment, shape: dictionaries.number(of: shape), SegmentLayout(shape), begun: now)
    }

    /// Puts everything into the file, in one transaction; segments that are old or full are sealed by it.
    /// - Returns: the journeys that are in the file by this call.
    mutating func commit(at now: UInt64, sealingAll: Bool = false) throws -> Int {
        for (shape, segment) in open where sealingAll || now &- segment.begun >= Self.sealAfter {
            full.append(segment)
            open[shape] = nil
        }
        let count = uncommitted
        guard count > 0 || !full.isEmpty else { return 0 }
        try write()
        full = []
        for shape in open.keys { open[shape]?.commit() }
        dictionaries.saved()
        return count
    }

    private mutating func write() throws {
        let (dictionaries, full, open) = (dictionaries, full, open)
        try file.write { database in
            var tables = SegmentTables()
            try dictionaries.save(database)
            for segment in full { try tables.seal(segment, database) }
            for segment in open.values where segment.rows > segment.committed {
                try tables.append(segment, database)
            }
        }
    }

    /// Gives up what is not in the file, as it has no room.
    /// - Returns: how many journeys.
    mutating func dropUncommitted() -> Int {
        var dropped = 0
        for shape in open.keys { dropped += open[shape]?.dropUncommitted() ?? 0 }
        for index in full.indices { dropped += full[index].dropUncommitted() }
        full.removeAll { $0.rows == 0 }
        return dropped
    }
}

extension OpenSegment {
    fileprivate mutating func appended(_ journey: Journey, flow: Int64, path: Int64) -> UInt16 {
        append(layout.values(of: journey, flow: flow, path: path))
    }
}
