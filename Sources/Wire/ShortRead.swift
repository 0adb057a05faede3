// SPDX-License-Identifier: Apache-2.0

/// The error of a header or field that is longer than the bytes that are left.
///
/// Also thrown when a header's own length field is smaller than the header's fixed part: `available` is then that
/// length.
public struct ShortRead: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where the read began, in bytes from the start of the span.
    public var offset: Int
    /// Bytes that the read needed.
    public var needed: Int
    /// Bytes that were left.
    public var available: Int

    /// A read of `needed` bytes at `offset`, where `available` were left.
    @inlinable
    public init(offset: Int, needed: Int, available: Int) {
        self.offset = offset
        self.needed = needed
        self.available = available
    }

    /// `cannot read 4 bytes at offset 12: 2 are left`
    public var description: String {
        "cannot read \(needed) bytes at offset \(offset): \(available) are left"
    }
}
