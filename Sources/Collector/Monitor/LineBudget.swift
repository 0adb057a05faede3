// SPDX-License-Identifier: Apache-2.0

/// Lets through so many lines a second, and counts the rest.
struct LineBudget {
    private static let second: UInt64 = 1_000_000_000

    let linesPerSecond: Int?
    private var begin: UInt64?
    private var admitted = 0
    private var heldBack: UInt64 = 0

    init(linesPerSecond: Int?) {
        self.linesPerSecond = linesPerSecond
    }

    /// - Parameter now: nanoseconds of any clock that does not run backwards.
    mutating func admits(at now: UInt64) -> Bool {
        if begin == nil { begin = now }
        guard let linesPerSecond else { return true }
        guard admitted < linesPerSecond else {
            heldBack += 1
            return false
        }
        admitted += 1
        return true
    }

    /// Once a second has passed since the first line or the first call: how many lines were held back in it, and a new
    /// second begins.
    mutating func endOfSecond(at now: UInt64) -> UInt64? {
        let start = begin ?? now
        begin = start
        guard now &- start >= Self.second else { return nil }
        defer {
            begin = nil
            admitted = 0
            heldBack = 0
        }
        return heldBack
    }

    /// What is still held back, at the end of all.
    mutating func rest() -> UInt64 {
        defer { heldBack = 0 }
        return heldBack
    }
}
