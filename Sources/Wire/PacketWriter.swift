// SPDX-License-Identifier: Apache-2.0

/// Bytes of a packet under construction, appended to in network order.
///
/// Reuse one writer for many packets with `removeAll`: the storage stays.
public struct PacketWriter: Sendable {
    /// What has been written.
    public private(set) var bytes: [UInt8] = []

    /// An empty writer with memory for `capacity` bytes.
    public init(reserving capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    /// Bytes that have been written.
    public var count: Int { bytes.count }

    /// Appends one byte.
    public mutating func uint8(_ value: UInt8) { bytes.append(value) }
    /// Appends 2 bytes, the most significant first.
    public mutating func uint16(_ value: UInt16) { bigEndian(UInt64(value), 2) }
    /// Appends 4 bytes, the most significant first.
    public mutating func uint32(_ value: UInt32) { bigEndian(UInt64(value), 4) }
    /// Appends the low 6 bytes, the most significant first.
    public mutating func uint48(_ value: UInt64) { bigEndian(value, 6) }
    /// Appends 8 bytes, the most significant first.
    public mutating func uint64(_ value: UInt64) { bigEndian(value, 8) }

    /// Appends 16 bytes, the most significant first.
    public mutating func uint128(_ value: UInt128) {
        bigEndian(UInt64(truncatingIfNeeded: value >> 64), 8)
        bigEndian(UInt64(truncatingIfNeeded: value), 8)
    }

    /// Appends bytes as they are.
    public mutating func append(_ more: [UInt8]) { bytes += more }

    /// Appends bytes as they are.
    public mutating func append(_ more: Span<UInt8>) {
        bytes.reserveCapacity(bytes.count + more.count)
        for index in more.indices { bytes.append(more[index]) }
    }

    /// Forgets the bytes and keeps the memory.
    public mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    private mutating func bigEndian(_ value: UInt64, _ count: Int) {
        for shift in stride(from: (count - 1) * 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
        }
    }
}
