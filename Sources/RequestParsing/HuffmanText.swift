// SPDX-License-Identifier: Apache-2.0

/// The prefix code of HPACK's strings (RFC 7541, appendix B). The code is canonical: codes of one length follow each other
/// in the order of their symbols, so lengths alone say everything.
enum HuffmanText {
    /// Bits of the code of each byte, and of the end of a string.
    private static let lengths: [UInt8] = [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28,
        28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7,
        8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19,
        13, 14, 6, 15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13,
        28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21,
        22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23,
        22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
        19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25,
        25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
    ]
    private static let end = 256
    private static let longest = 30

    /// Of one length: its first code, and where its symbols begin in `symbols`.
    private struct Row {
        var first = 0
        var count = 0
        var start = 0
    }

    private static let symbols = (1...longest).flatMap { length in
        lengths.indices.filter { lengths[$0] == length }
    }

    private static let rows: [Row] = {
        var rows = [Row()]
        var code = 0
        var start = 0
        for length in 1...longest {
            code <<= 1
            let count = lengths.count { $0 == length }
            rows.append(Row(first: code, count: count, start: start))
            code += count
            start += count
        }
        return rows
    }()

    /// - Returns: nil if a code is unknown, or what is left at the end is not padding: fewer than 8 bits, all of them 1.
    static func decode(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var text: [UInt8] = []
        var code = 0
        var length = 0
        for byte in bytes {
            for shift in (0..<8).reversed() {
                code = code << 1 | Int(byte >> UInt8(shift) & 1)
                length += 1
                guard length <= longest else { return nil }
                let row = rows[length]
                guard code >= row.first, code - row.first < row.count else { continue }
                let symbol = symbols[row.start + code - row.first]
                guard symbol != end else { return nil }
                text.append(UInt8(symbol))
                code = 0
                length = 0
            }
        }
        return length < 8 && code == (1 << length) - 1 ? text : nil
    }
}
