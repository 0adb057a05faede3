// SPDX-License-Identifier: Apache-2.0

/// A provisional index in the frame, used while the sizes of the frame's parts are not known yet:
///
///     metadata    0 ...          fixed by v1model and the program's metadata
///     persistent  1 << 17 ...    keys of tables, colours of direct meters: alive while the packet is processed
///     stack       1 << 18 ...    variables and temporaries, which come and go with blocks and statements
///     constants   1 << 20 ...    the pool
///
/// `FramePlan.resolve` turns it into the index that the program uses.
typealias Slot = Int

/// Allocates slots, and maps them to final indices once the size of each part of the frame is known.
struct FramePlan {
    static let persistentBase = 1 << 17
    static let stackBase = 1 << 18
    static let constantBase = 1 << 20

    var metadataEnd = 0
    private var persistentCount = 0
    private var stackTop = 0
    private(set) var stackHighWater = 0
    private(set) var constants: [UInt64] = []
    private var pool: [[UInt64]: Slot] = [:]

    mutating func allocateMetadata(width: Int) -> Slot {
        defer { metadataEnd += Self.count(width) }
        return metadataEnd
    }

    mutating func allocatePersistent(width: Int) -> Slot {
        defer { persistentCount += Self.count(width) }
        return Self.persistentBase + persistentCount
    }

    /// Allocates slots that live until `release(to:)` with an earlier `mark`.
    mutating func allocate(width: Int) -> Slot {
        let slot = Self.stackBase + stackTop
        stackTop += Self.count(width)
        stackHighWater = max(stackHighWater, stackTop)
        return slot
    }

    var mark: Int { stackTop }
    mutating func release(to mark: Int) { stackTop = mark }

    /// Slots allocated from now on are after all slots allocated before, released or not.
    mutating func beginAfterEverything() { stackTop = stackHighWater }

    /// The slot, or run of slots, that holds a constant.
    mutating func constant(_ words: [UInt64]) -> Slot {
        if let known = pool[words] { return known }
        let slot = Self.constantBase + constants.count
        constants += words
        pool[words] = slot
        if words.count == 1 { return slot }
        for (index, word) in words.enumerated() where pool[[word]] == nil { pool[[word]] = slot + index }
        return slot
    }

    static func isConstant(_ slot: Slot) -> Bool { slot >= constantBase }

    private static func count(_ width: Int) -> Int { max(1, (width + 63) / 64) }

    private var stackStart: Int { metadataEnd + persistentCount }
    var localsEnd: Int { stackStart + stackHighWater }

    func resolve(_ slot: Slot) -> Int {
        if slot >= Self.constantBase { return localsEnd + slot - Self.constantBase }
        if slot >= Self.stackBase { return stackStart + slot - Self.stackBase }
        if slot >= Self.persistentBase { return metadataEnd + slot - Self.persistentBase }
        return slot
    }
}
