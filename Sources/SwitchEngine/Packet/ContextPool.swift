// SPDX-License-Identifier: Apache-2.0

import SwitchIR

/// The packets' memory: blocks of `ContextLayout`, taken in chunks as they are first needed and then reused.
///
/// The last block given back is the next one handed out, so a switch that keeps up works in a few blocks
/// that stay in the processor's cache.
@safe
struct ContextPool: ~Copyable, @unchecked Sendable {
    /// Stands for "no packet" wherever an index is expected.
    static let none = UInt32.max
    private static let chunk = 16

    let layout: ContextLayout
    private let constants: [UInt64]
    private let constantsStart: Int
    /// The first slot of each block.
    private var blocks: OwnedBuffer<UnsafeMutableRawPointer?>
    private var free: OwnedBuffer<UInt32>
    private var freeCount = 0
    private var made = 0
    private let limit: Int

    init(layout: ContextLayout, frame: FrameLayout, limit: Int) {
        self.layout = layout
        constants = frame.constants
        constantsStart = frame.localsEnd
        self.limit = limit
        unsafe blocks = OwnedBuffer(count: limit, repeating: nil)
        free = OwnedBuffer(count: limit, repeating: 0)
    }

    deinit {
        for first in stride(from: 0, to: made, by: Self.chunk) {
            if let slots = unsafe blocks[first] { unsafe (slots - ContextLayout.state).deallocate() }
        }
    }

    /// Packets that are held somewhere now.
    var inUse: Int { made - freeCount }

    @inline(__always)
    func context(_ index: UInt32) -> Context {
        unsafe Context(memory: blocks[Int(index)].unsafelyUnwrapped, layout: layout)
    }

    /// An unused block's index, or `none` if the limit is reached.
    mutating func acquire() -> UInt32 {
        if freeCount == 0 { grow() }
        guard freeCount > 0 else { return Self.none }
        freeCount &-= 1
        return free[freeCount]
    }

    mutating func release(_ index: UInt32) {
        free[freeCount] = index
        freeCount &+= 1
    }

    private mutating func grow() {
        let count = min(Self.chunk, limit - made)
        guard count > 0 else { return }
        let memory = UnsafeMutableRawPointer.allocate(byteCount: count * layout.size, alignment: 64)
        // Frame bytes need no clearing; leaving them alone keeps untouched pages out of memory.
        for index in 0..<count {
            let block = unsafe memory + index * layout.size
            unsafe block.initializeMemory(as: UInt8.self, repeating: 0, count: ContextLayout.state + layout.saved)
            unsafe blocks[made + index] = block + ContextLayout.state
            prepare(UInt32(made + index))
            free[freeCount] = UInt32(made + count - 1 - index)
            freeCount += 1
        }
        made += count
    }

    private func prepare(_ index: UInt32) {
        let context = context(index)
        context.state = ContextState()
        for (offset, value) in constants.enumerated() { context[slot: constantsStart + offset] = value }
        for (header, home) in layout.initialHomes.enumerated() { unsafe context.homes(layout)[header] = home }
    }
}
