// SPDX-License-Identifier: Apache-2.0

import SwitchIR

/// Longest-prefix match: one hash index a prefix length in use, asked from the longest down.
///
/// Real tables use few lengths, and this serves wide keys and keys with exact fields beside the prefix
/// alike; the exact fields are simply part of each index's key.
struct PrefixIndex: ~Copyable, Sendable {
    private let words: Int
    /// Words of the key that the prefix field takes.
    private let prefixFirst: Int
    private let prefixWords: Int
    private let width: Int
    private var indices: OwnedArray<HashIndex>
    /// Lengths in use, longest first; the first `lengthCount` count.
    private let lengths: OwnedBuffer<Int32>
    private var lengthCount = 0
    /// For each length, the mask words of the prefix field.
    private let masks: OwnedBuffer<UInt64>
    private let scratch: OwnedBuffer<UInt64>

    init(words: Int, field: KeyShape.Field) {
        self.words = words
        prefixFirst = field.first
        prefixWords = field.count
        width = field.width
        indices = OwnedArray(count: field.width + 1) { _ in HashIndex(words: words) }
        lengths = OwnedBuffer(count: field.width + 1, repeating: 0)
        masks = OwnedBuffer(count: (field.width + 1) * field.count, repeating: 0)
        scratch = OwnedBuffer(count: words, repeating: 0)
        for length in 0...field.width {
            let mask = KeyShape.prefixMask(length, width: field.width)
            for word in 0..<field.count { masks[length * field.count + word] = mask.words[word] }
        }
    }

    /// The entry with the longest prefix of a key of one word.
    @inline(__always)
    func find(_ key: UInt64) -> Int {
        var place = 0
        while place < lengthCount {
            let length = Int(lengths[place])
            let entry = indices[length].find(key & masks[length])
            if entry >= 0 { return entry }
            place &+= 1
        }
        return -1
    }

    func find(_ key: borrowing OwnedBuffer<UInt64>) -> Int {
        for word in 0..<words { scratch[word] = key[word] }
        for place in 0..<lengthCount {
            let length = Int(lengths[place])
            for word in 0..<prefixWords {
                scratch[prefixFirst &+ word] = key[prefixFirst &+ word] & masks[length &* prefixWords &+ word]
            }
            let entry = indices[length].find(scratch)
            if entry >= 0 { return entry }
        }
        return -1
    }

    /// The entry of exactly this prefix, or -1.
    func find(_ key: borrowing OwnedBuffer<UInt64>, length: Int) -> Int { indices[length].find(key) }

    mutating func set(_ key: borrowing OwnedBuffer<UInt64>, length: Int, to entry: Int) {
        indices[length].set(key, to: entry)
        listLengths()
    }

    mutating func remove(_ key: borrowing OwnedBuffer<UInt64>, length: Int) {
        indices[length].remove(key)
        listLengths()
    }

    private mutating func listLengths() {
        lengthCount = 0
        for length in (0...width).reversed() where indices[length].count > 0 {
            lengths[lengthCount] = Int32(length)
            lengthCount += 1
        }
    }
}
