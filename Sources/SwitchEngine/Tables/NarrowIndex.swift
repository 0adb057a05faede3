// SPDX-License-Identifier: Apache-2.0

/// From a key of a few bits, such as a port or a level, to an entry's number: a place for each value, and no hash.
struct NarrowIndex: ~Copyable, Sendable {
    /// The widest key that it is used for, in bits: 16 KiB of places.
    static let maxWidth = 12

    private let mask: UInt64
    /// An entry's number, or -1.
    private let places: OwnedBuffer<Int32>

    /// - Parameter width: of the key, 1 to `maxWidth` bits; 0 for an index that is not used.
    init(width: Int) {
        mask = (1 << UInt64(width)) - 1
        places = OwnedBuffer(count: 1 << width, repeating: -1)
    }

    /// The entry of a key, or -1.
    @inline(__always)
    func find(_ key: UInt64) -> Int { Int(places[Int(truncatingIfNeeded: key & mask)]) }

    func set(_ key: UInt64, to entry: Int) { places[Int(key & mask)] = Int32(entry) }

    func remove(_ key: UInt64) { places[Int(key & mask)] = -1 }
}
