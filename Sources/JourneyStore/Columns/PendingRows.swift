// SPDX-License-Identifier: Apache-2.0

/// Rows of a segment that is not sealed, as one piece of bytes: one packed column after another.
///
///     least:64 width:8 compressed:8 length:32 bytes
///
/// Integers are little-endian.
enum PendingRows {
    private static let header = 14

    static func encoded(
        _ columns: [[Int64]], _ layout: SegmentLayout, rows: Int, _ compression: inout Compression
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        for difference in PredictedColumns.differences(columns, layout.predictions, layout.columns, rows: rows) {
            let packed = PackedColumn(difference, with: &compression)
            append(UInt64(bitPattern: packed.least), 8, to: &bytes)
            append(UInt64(packed.width), 1, to: &bytes)
            append(packed.isCompressed ? 1 : 0, 1, to: &bytes)
            append(UInt64(packed.bytes.count), 4, to: &bytes)
            bytes += packed.bytes
        }
        return bytes
    }

    /// - Returns: the columns; nil if the bytes are damaged.
    static func decoded(
        _ bytes: [UInt8], _ layout: SegmentLayout, rows: Int, _ compression: inout Compression
    ) -> [[Int64]]? {
        var columns: [[Int64]] = []
        var offset = 0
        for _ in layout.columns {
            guard bytes.count - offset >= header else { return nil }
            let least = Int64(bitPattern: number(bytes, offset, 8))
            let width = Int(bytes[offset + 8])
            let isCompressed = bytes[offset + 9] == 1
            let length = Int(number(bytes, offset + 10, 4))
            offset += header
            guard bytes.count - offset >= length else { return nil }
            let packed = PackedColumn(
                least: least, width: width, isCompressed: isCompressed, bytes: Array(bytes[offset..<offset + length]))
            offset += length
            guard let values = packed.values(rows, with: &compression) else { return nil }
            columns.append(values)
        }
        PredictedColumns.restore(&columns, layout.predictions, layout.columns, rows: rows)
        return offset == bytes.count ? columns : nil
    }

    private static func append(_ value: UInt64, _ size: Int, to bytes: inout [UInt8]) {
        for index in 0..<size { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
    }

    private static func number(_ bytes: [UInt8], _ offset: Int, _ size: Int) -> UInt64 {
        (0..<size).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
    }
}
