// SPDX-License-Identifier: Apache-2.0

/// A text with its line splices (a backslash that ends a line) removed, and the way back to the original offsets.
struct SplicedText {
    let bytes: [UInt8]
    /// For each splice: the offset in `bytes` where it was, and how many original bytes were removed up to there.
    private let splices: [(at: Int, removed: Int)]

    init(_ original: [UInt8]) {
        guard original.contains(UInt8(ascii: "\\")) else {
            bytes = original
            splices = []
            return
        }
        var kept: [UInt8] = []
        kept.reserveCapacity(original.count)
        var splices: [(at: Int, removed: Int)] = []
        var index = 0
        while index < original.count {
            let length = Self.spliceLength(in: original, at: index)
            if length > 0 {
                index += length
                splices.append((kept.count, index - kept.count))
            } else {
                kept.append(original[index])
                index += 1
            }
        }
        bytes = kept
        self.splices = splices
    }

    private static func spliceLength(in bytes: [UInt8], at index: Int) -> Int {
        guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count else { return 0 }
        if bytes[index + 1] == UInt8(ascii: "\n") { return 2 }
        let isReturn = bytes[index + 1] == UInt8(ascii: "\r")
        return isReturn && index + 2 < bytes.count && bytes[index + 2] == UInt8(ascii: "\n") ? 3 : 0
    }

    /// The offset in the original text of a byte of `bytes`.
    func originalOffset(_ offset: Int) -> Int {
        guard !splices.isEmpty else { return offset }
        var low = 0
        var high = splices.count
        while low < high {
            let middle = (low + high) / 2
            if splices[middle].at <= offset { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? offset : offset + splices[low - 1].removed
    }
}
