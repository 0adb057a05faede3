// SPDX-License-Identifier: Apache-2.0

/// One column of a segment as it is stored: signed 64-bit values less the smallest of them, as planes of bytes, the lowest
/// first, compressed where that is shorter.
struct PackedColumn: Sendable, Hashable {
    /// The smallest value; the only one if there are no bytes.
    var least: Int64
    /// Planes: bytes of the largest difference from `least`, 0 to 8.
    var width: Int
    var isCompressed: Bool
    var bytes: [UInt8]

    init(_ values: [Int64], with compression: inout Compression) {
        let least = values.min() ?? 0
        let range = UInt64(bitPattern: (values.max() ?? 0) &- least)
        let width = (UInt64.bitWidth - range.leadingZeroBitCount + 7) / 8
        var planes = [UInt8](repeating: 0, count: width * values.count)
        for plane in 0..<width {
            let shift = UInt64(plane * 8)
            let start = plane * values.count
            for row in values.indices {
                planes[start + row] = UInt8(truncatingIfNeeded: UInt64(bitPattern: values[row] &- least) >> shift)
            }
        }
        let packed = width == 0 ? [] : compression.compress(planes)
        self.least = least
        self.width = width
        isCompressed = width > 0 && packed.count < planes.count
        bytes = isCompressed ? packed : planes
    }

    /// - Parameter rows: how many values there are.
    /// - Returns: nil if the bytes are damaged.
    func values(_ rows: Int, with compression: inout Compression) -> [Int64]? {
        guard rows >= 0, (0...8).contains(width) else { return nil }
        var values = [Int64](repeating: least, count: rows)
        guard width > 0 else { return values }
        guard let planes = isCompressed ? compression.decompress(bytes, to: rows * width) : bytes,
            planes.count == rows * width
        else { return nil }
        for plane in 0..<width {
            let shift = UInt64(plane * 8)
            let start = plane * rows
            for row in 0..<rows { values[row] &+= Int64(bitPattern: UInt64(planes[start + row]) << shift) }
        }
        return values
    }
}

extension PackedColumn {
    /// A column whose parts are known.
    init(least: Int64, width: Int, isCompressed: Bool, bytes: [UInt8]) {
        self.least = least
        self.width = width
        self.isCompressed = isCompressed
        self.bytes = bytes
    }
}
