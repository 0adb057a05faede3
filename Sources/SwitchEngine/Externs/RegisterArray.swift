// SPDX-License-Identifier: Apache-2.0

import SwitchIR

/// The elements of a `register`, each a run of words, zero at start.
struct RegisterArray: ~Copyable, Sendable {
    let count: Int
    let width: Int
    private let words: Int
    private let topMask: UInt64
    private let storage: OwnedBuffer<UInt64>

    init(_ schema: RegisterSchema) {
        count = schema.count
        width = schema.width
        words = BitString.wordCount(schema.width)
        topMask = schema.width % 64 == 0 ? ~0 : (1 << UInt64(schema.width % 64)) - 1
        storage = OwnedBuffer(count: schema.count * words, repeating: 0)
    }

    /// Out of range: nothing is read.
    @inline(__always)
    func read(_ index: UInt64, into context: Context, at slot: Int) {
        guard index < UInt64(truncatingIfNeeded: count) else { return }
        guard words > 1 else {
            context[slot: slot] = storage[Int(truncatingIfNeeded: index)]
            return
        }
        let first = Int(index) &* words
        for word in 0..<words { context[slot: slot &+ word] = storage[first &+ word] }
    }

    /// Out of range: nothing is written.
    @inline(__always)
    func write(_ index: UInt64, from context: Context, at slot: Int) {
        guard index < UInt64(truncatingIfNeeded: count) else { return }
        guard words > 1 else {
            storage[Int(truncatingIfNeeded: index)] = context[slot: slot] & topMask
            return
        }
        let first = Int(index) &* words
        for word in 0..<words { storage[first &+ word] = context[slot: slot &+ word] }
        storage[first &+ words &- 1] &= topMask
    }

    subscript(index: Int) -> BitString {
        get { BitString(width: width, words: (0..<words).map { storage[index * words + $0] }) }
        nonmutating set {
            let value = BitString(width: width, words: newValue.words)
            for word in 0..<words { storage[index * words + word] = value.words[word] }
        }
    }

    func reset() { storage.fill(0) }
}
