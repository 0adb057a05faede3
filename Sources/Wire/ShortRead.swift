// SPDX-License-Identifier: Apache-2.0

/// The bytes end before a header or a field does.
///
/// Also thrown when a header's own length field leaves less room than the header's fixed part needs: what it
/// says it has is then `available`.
public struct ShortRead: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where the reading began, in bytes from the start of the span.
    public var offset: Int
    public var needed: Int
    public var available: Int

    @inlinable
    public init(offset: Int, needed: Int, available: Int) {
        self.offset = offset
        self.needed = needed
        self.available = available
    }

    public var description: String {
        "cannot read \(needed) bytes at offset \(offset): \(available) are left"
    }
}
