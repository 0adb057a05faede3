// SPDX-License-Identifier: Apache-2.0

/// A P4 value of any width, as the control plane and the compiler pass it about.
///
/// `words` holds 64 bits each, least significant word first; there are `ceil(width / 64)` of them and
/// the bits above `width` are zero. A signed value is its two's complement in `width` bits.
public struct BitString: Sendable, Hashable {
    /// Bits; 0 for a value that has none.
    public let width: Int
    /// The value, least significant word first.
    public let words: [UInt64]

    /// `words`, cut or filled up with zeros to `width` bits.
    public init(width: Int, words: [UInt64]) {
        precondition(width >= 0)
        var cut = Array(words.prefix(Self.wordCount(width)))
        cut += repeatElement(0, count: Self.wordCount(width) - cut.count)
        if width % 64 != 0 { cut[cut.count - 1] &= (1 << UInt64(width % 64)) - 1 }
        self.width = width
        self.words = cut
    }

    /// `value` modulo 2^`width`.
    public init(_ value: UInt64, width: Int) {
        self.init(width: width, words: [value])
    }

    /// Words of 64 bits that a value of `width` bits takes.
    public static func wordCount(_ width: Int) -> Int { (width + 63) / 64 }
}
