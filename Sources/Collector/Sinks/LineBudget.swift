// SPDX-License-Identifier: Apache-2.0

/// Allows `linesPerSecond` lines per second, and counts the rest.
struct LineBudget {
    /// nil: any number.
    let linesPerSecond: Int?
    private var admitted = 0
    private var heldBack: UInt64 = 0

    init(linesPerSecond: Int?) { self.linesPerSecond = linesPerSecond }

    /// Whether one more line fits into this second.
    mutating func admit() -> Bool {
        guard let linesPerSecond else { return true }
        guard admitted < linesPerSecond else {
            heldBack += 1
            return false
        }
        admitted += 1
        return true
    }

    /// Begins a new second.
    /// - Returns: how many lines were held back in the last one.
    mutating func endOfSecond() -> UInt64 {
        defer { (admitted, heldBack) = (0, 0) }
        return heldBack
    }
}
