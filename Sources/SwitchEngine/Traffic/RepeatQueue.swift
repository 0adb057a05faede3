// SPDX-License-Identifier: Apache-2.0

/// Packets that wait for another pass: resubmitted and recirculated ones, in order.
struct RepeatQueue: Sendable {
    private var head = ContextPool.none
    private var tail = ContextPool.none
    private(set) var count = 0

    mutating func append(_ index: UInt32, _ pool: borrowing ContextPool) {
        pool.context(index).state.link = ContextPool.none
        if count == 0 { head = index } else { pool.context(tail).state.link = index }
        tail = index
        count &+= 1
    }

    mutating func removeFirst(_ pool: borrowing ContextPool) -> UInt32 {
        let index = head
        head = pool.context(index).state.link
        count &-= 1
        return index
    }
}
