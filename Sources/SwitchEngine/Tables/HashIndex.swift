// SPDX-License-Identifier: Apache-2.0

/// From a key of one or more words to an entry's number: open addressing, probed in a row.
///
/// A bucket is `1 + words` words: the entry plus one (0 for an empty bucket), then the key. At most half of
/// the buckets are in use, so a search always meets an empty one.
struct HashIndex: ~Copyable, Sendable {
    private let words: Int
    private let stride: Int
    private var mask: Int
    private var buckets: OwnedBuffer<UInt64>
    private(set) var count = 0

    init(words: Int) {
        self.words = words
        stride = words + 1
        mask = 7
        buckets = OwnedBuffer(count: 8 * stride, repeating: 0)
    }

    /// The entry of a key of one word, or -1.
    @inline(__always)
    func find(_ key: UInt64) -> Int {
        var place = Int(truncatingIfNeeded: Self.mix(key)) & mask
        while true {
            let entry = buckets[place &* 2]
            if entry == 0 { return -1 }
            if buckets[place &* 2 &+ 1] == key { return Int(truncatingIfNeeded: entry) &- 1 }
            place = (place &+ 1) & mask
        }
    }

    /// The entry of the key in `key`, or -1.
    func find(_ key: borrowing OwnedBuffer<UInt64>) -> Int {
        let place = bucket(of: key)
        return Int(truncatingIfNeeded: buckets[place &* stride]) &- 1
    }

    /// Adds a key that is not in it, or gives a key another entry.
    mutating func set(_ key: borrowing OwnedBuffer<UInt64>, to entry: Int) {
        if (count + 1) * 2 > mask + 1 { enlarge() }
        let place = bucket(of: key)
        if buckets[place * stride] == 0 { count += 1 }
        buckets[place * stride] = UInt64(entry + 1)
        for word in 0..<words { buckets[place * stride + 1 + word] = key[word] }
    }

    mutating func remove(_ key: borrowing OwnedBuffer<UInt64>) {
        var hole = bucket(of: key)
        guard buckets[hole * stride] != 0 else { return }
        count -= 1
        // Keys after the hole that a search would no longer reach move into it.
        var place = hole
        while true {
            place = (place + 1) & mask
            guard buckets[place * stride] != 0 else { break }
            let home = self.home(ofBucket: place)
            if (place - home) & mask >= (place - hole) & mask {
                for word in 0..<stride { buckets[hole * stride + word] = buckets[place * stride + word] }
                hole = place
            }
        }
        buckets[hole * stride] = 0
    }

    /// The bucket that holds the key, or the empty one where it would go.
    private func bucket(of key: borrowing OwnedBuffer<UInt64>) -> Int {
        var hash: UInt64 = 0
        for word in 0..<words { hash = Self.mix(hash ^ key[word]) }
        var place = Int(truncatingIfNeeded: hash) & mask
        while buckets[place &* stride] != 0 {
            var isEqual = true
            for word in 0..<words where buckets[place &* stride &+ 1 &+ word] != key[word] { isEqual = false }
            if isEqual { break }
            place = (place &+ 1) & mask
        }
        return place
    }

    private func home(ofBucket place: Int) -> Int {
        var hash: UInt64 = 0
        for word in 0..<words { hash = Self.mix(hash ^ buckets[place * stride + 1 + word]) }
        return Int(truncatingIfNeeded: hash) & mask
    }

    private mutating func enlarge() {
        var larger = HashIndex(words: words, buckets: (mask + 1) * 2)
        let key = OwnedBuffer<UInt64>(count: words, repeating: 0)
        for place in 0...mask where buckets[place * stride] != 0 {
            for word in 0..<words { key[word] = buckets[place * stride + 1 + word] }
            larger.set(key, to: Int(buckets[place * stride]) - 1)
        }
        self = larger
    }

    private init(words: Int, buckets count: Int) {
        self.words = words
        stride = words + 1
        mask = count - 1
        buckets = OwnedBuffer(count: count * stride, repeating: 0)
    }

    @inline(__always)
    private static func mix(_ value: UInt64) -> UInt64 {
        let product = value &* 0x9E37_79B9_7F4A_7C15
        return product ^ (product &>> 32)
    }
}
