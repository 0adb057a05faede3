// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import GRDB

/// Segments between memory and the tables of an hour's file.
struct SegmentTables: ~Copyable {
    private var compression = Compression()

    /// Adds the rows of an open segment that are not in the file yet.
    mutating func append(_ segment: OpenSegment, _ database: Database) throws {
        try describe(segment, isSealed: false, database)
        try database.cachedStatement(sql: "INSERT INTO pending VALUES (?, ?, ?, ?)").execute(
            arguments: [
                segment.id, segment.committed, segment.rows - segment.committed,
                Data(segment.uncommitted(&compression)),
            ])
    }

    /// Writes the columns of a segment that grows no more, in the place of its pending rows.
    mutating func seal(_ segment: OpenSegment, _ database: Database) throws {
        try describe(segment, isSealed: true, database)
        let insert = try database.cachedStatement(sql: "INSERT INTO part VALUES (?, ?, ?, ?, ?)")
        for (number, column) in segment.packed(&compression).enumerated() {
            try insert.execute(
                arguments: [
                    HourFile.part(number, of: segment.id), column.least, column.width, column.isCompressed,
                    Data(column.bytes),
                ])
        }
        for (row, duration) in segment.slowestRows {
            try database.cachedStatement(sql: "INSERT INTO slow VALUES (?, ?, ?)").execute(
                arguments: [segment.id, duration, row])
        }
        for (row, missing) in segment.incompleteRows {
            try database.cachedStatement(sql: "INSERT INTO incomplete VALUES (?, ?, ?)").execute(
                arguments: [segment.id, row, missing])
        }
        try database.cachedStatement(sql: "DELETE FROM pending WHERE segment = ?").execute(arguments: [segment.id])
    }

    private func describe(_ segment: OpenSegment, isSealed: Bool, _ database: Database) throws {
        try database.cachedStatement(sql: "INSERT OR REPLACE INTO segment VALUES (?, ?, ?, ?, ?, ?, ?)").execute(
            arguments: [
                segment.id, segment.shape, segment.first, segment.last, segment.rows, segment.slowest, isSealed,
            ])
    }

    /// The segments that are not sealed, as they are in the file. What is damaged of one is left out.
    mutating func pending(_ database: Database) throws -> [OpenSegment] {
        let layouts = Dictionary(
            try JourneyShape.all(database).map { ($0.0, SegmentLayout($0.1)) }, uniquingKeysWith: { $1 })
        var segments: [OpenSegment] = []
        for row in try Row.fetchAll(database, sql: "SELECT id, shape FROM segment WHERE sealed = 0 ORDER BY id") {
            let id: UInt32 = row["id"]
            let shape: Int64 = row["shape"]
            guard let layout = layouts[shape] else { continue }
            let columns = try pendingColumns(of: id, layout, database).columns
            segments.append(OpenSegment(id, shape: shape, layout, restored: columns))
        }
        return segments
    }

    /// The rows of a segment that is not sealed.
    /// - Returns: by column, then by row; and how many rows were damaged.
    mutating func pendingColumns(
        of segment: UInt32, _ layout: SegmentLayout, _ database: Database
    ) throws -> (columns: [[Int64]], damaged: Int) {
        var columns: [[Int64]] = Array(repeating: [], count: layout.columns.count)
        var damaged = 0
        let pieces = try Row.fetchAll(
            database, sql: "SELECT rows, data FROM pending WHERE segment = ? ORDER BY start", arguments: [segment])
        for piece in pieces {
            let rows: Int = piece["rows"]
            let data: Data = piece["data"]
            guard let values = PendingRows.decoded(Array(data), layout, rows: rows, &compression) else {
                damaged += rows
                continue
            }
            for index in columns.indices { columns[index] += values[index] }
        }
        return (columns, damaged)
    }

    /// Columns of a sealed segment; those that are not needed are empty.
    /// - Parameter wanted: numbers of columns; nil: all.
    /// - Returns: nil if something is damaged or missing.
    mutating func columns(
        of segment: UInt32, rows: Int, _ layout: SegmentLayout, wanted: Set<Int>?, _ database: Database
    ) throws -> [[Int64]]? {
        let needed = wanted.map(layout.needed) ?? Set(layout.columns.indices)
        var columns: [[Int64]] = Array(repeating: [], count: layout.columns.count)
        let select = try database.cachedStatement(
            sql: "SELECT least, width, compressed, data FROM part WHERE id = ?")
        for number in needed.sorted() {
            guard let row = try Row.fetchOne(select, arguments: [HourFile.part(number, of: segment)]) else {
                return nil
            }
            let data: Data = row["data"]
            let packed = PackedColumn(
                least: row["least"], width: row["width"], isCompressed: row["compressed"], bytes: Array(data))
            guard let values = packed.values(rows, with: &compression) else { return nil }
            columns[number] = values
        }
        PredictedColumns.restore(&columns, layout.predictions, layout.columns, rows: rows)
        return columns
    }
}
