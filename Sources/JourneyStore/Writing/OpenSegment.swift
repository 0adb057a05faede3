// SPDX-License-Identifier: Apache-2.0

/// A segment that still grows. All of its rows stay in memory until it is sealed.
struct OpenSegment: Sendable {
    /// The most journeys of a segment.
    static let capacity = 16_384
    /// The journeys that `slow` lists of each segment.
    static let slowest = 100

    let id: UInt32
    /// The shape's number in the file.
    let shape: Int64
    let layout: SegmentLayout
    /// By column, then by row.
    private(set) var columns: [[Int64]]
    private(set) var rows = 0
    /// Rows that are in the file.
    private(set) var committed = 0
    /// When the segment was begun: nanoseconds of the caller's clock.
    let begun: UInt64

    init(_ id: UInt32, shape: Int64, _ layout: SegmentLayout, begun: UInt64) {
        self.id = id
        self.shape = shape
        self.layout = layout
        self.begun = begun
        columns = Array(repeating: [], count: layout.columns.count)
    }

    var isFull: Bool { rows >= Self.capacity }
    /// The earliest and the latest time.
    var first: Int64 { columns[0].min() ?? 0 }
    var last: Int64 { columns[0].max() ?? 0 }
    var slowest: Int64 { columns[1].max() ?? 0 }

    /// - Parameter values: one per column.
    /// - Returns: its row.
    mutating func append(_ values: [Int64]) -> UInt16 {
        for index in columns.indices { columns[index].append(values[index]) }
        rows += 1
        return UInt16(truncatingIfNeeded: rows - 1)
    }

    /// The rows that are not in the file yet, as one piece that can be read without the others.
    func uncommitted(_ compression: inout Compression) -> [UInt8] {
        PendingRows.encoded(columns.map { Array($0[committed...]) }, layout, rows: rows - committed, &compression)
    }

    mutating func commit() { committed = rows }

    /// Gives up what is not in the file.
    /// - Returns: how many rows.
    mutating func dropUncommitted() -> Int {
        let dropped = rows - committed
        for index in columns.indices { columns[index].removeLast(dropped) }
        rows = committed
        return dropped
    }

    /// The columns as they are stored.
    func packed(_ compression: inout Compression) -> [PackedColumn] {
        PredictedColumns.differences(columns, layout.predictions, layout.columns, rows: rows)
            .map { PackedColumn($0, with: &compression) }
    }

    /// The rows that took longest, the slowest first.
    var slowestRows: [(row: Int, duration: Int64)] {
        let durations = columns[1]
        return durations.indices.sorted { (durations[$0], $1) > (durations[$1], $0) }.prefix(Self.slowest)
            .map { ($0, durations[$0]) }
    }

    /// The rows to which something is missing.
    var incompleteRows: [(row: Int, missing: Int64)] {
        columns[2].enumerated().filter { $0.element != 0 }.map { ($0.offset, $0.element) }
    }
}

extension OpenSegment {
    /// A segment whose rows are in the file already, as pending ones.
    init(_ id: UInt32, shape: Int64, _ layout: SegmentLayout, restored columns: [[Int64]]) {
        self.init(id, shape: shape, layout, begun: 0)
        self.columns = columns
        rows = columns.first?.count ?? 0
        committed = rows
    }
}
