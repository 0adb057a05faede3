// SPDX-License-Identifier: Apache-2.0

/// A position in the bytes of a packet, moved forward by each read. All integers are in network order.
///
/// A read that would pass the end throws and leaves the position where it was.
public struct PacketCursor: ~Escapable {
    /// All the bytes, those already read included.
    public let bytes: Span<UInt8>
    /// Index in `bytes` of the next byte to read.
    public private(set) var offset: Int

    /// A cursor at the first of `bytes`.
    @_lifetime(copy bytes)
    public init(_ bytes: Span<UInt8>, at offset: Int = 0) {
        precondition(offset >= 0 && offset <= bytes.count)
        self.bytes = bytes
        self.offset = offset
    }

    /// Bytes from `offset` to the end.
    public var remaining: Int { bytes.count - offset }

    /// The next byte, without moving on.
    public func peek() throws(ShortRead) -> UInt8 {
        try require(1)
        return bytes[offset]
    }

    /// Reads one byte.
    public mutating func uint8() throws(ShortRead) -> UInt8 {
        try require(1)
        offset += 1
        return bytes[offset - 1]
    }

    /// Reads 2 bytes, the most significant first.
    public mutating func uint16() throws(ShortRead) -> UInt16 { UInt16(truncatingIfNeeded: try bigEndian(2)) }
    /// Reads 4 bytes, the most significant first.
    public mutating func uint32() throws(ShortRead) -> UInt32 { UInt32(truncatingIfNeeded: try bigEndian(4)) }
    /// Reads 6 bytes, the most significant first; the upper 16 bits of the result are 0.
    public mutating func uint48() throws(ShortRead) -> UInt64 { try bigEndian(6) }
    /// Reads 8 bytes, the most significant first.
    public mutating func uint64() throws(ShortRead) -> UInt64 { try bigEndian(8) }

    /// Reads 16 bytes, the most significant first.
    public mutating func uint128() throws(ShortRead) -> UInt128 {
        try require(16)
        let high = try bigEndian(8)
        return UInt128(high) << 64 | UInt128(try bigEndian(8))
    }

    /// Moves on by `count` bytes.
    public mutating func skip(_ count: Int) throws(ShortRead) {
        try require(count)
        offset += count
    }

    /// The next `count` bytes, in place.
    @_lifetime(copy self)
    public mutating func span(_ count: Int) throws(ShortRead) -> Span<UInt8> {
        try require(count)
        offset += count
        return bytes.extracting(offset - count..<offset)
    }

    /// The next `count` bytes, copied.
    public mutating func array(_ count: Int) throws(ShortRead) -> [UInt8] {
        try require(count)
        let start = offset
        offset += count
        return (start..<offset).map { bytes[$0] }
    }

    private mutating func bigEndian(_ count: Int) throws(ShortRead) -> UInt64 {
        try require(count)
        var value: UInt64 = 0
        for index in offset..<offset + count { value = value << 8 | UInt64(bytes[index]) }
        offset += count
        return value
    }

    private func require(_ count: Int) throws(ShortRead) {
        guard count >= 0, count <= remaining else {
            throw ShortRead(offset: offset, needed: count, available: remaining)
        }
    }
}
