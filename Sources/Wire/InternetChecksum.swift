// SPDX-License-Identifier: Apache-2.0

public import Addresses

/// The one's-complement sum of 16-bit words of RFC 1071, gathered piece by piece.
///
/// A piece may have an odd length: the next one then begins in the low half of the open word.
public struct InternetChecksum: Sendable {
    private var sum: UInt64 = 0
    private var isOdd = false

    /// The sum of nothing.
    public init() {}

    /// Adds bytes after those that were added before.
    public mutating func add(_ bytes: Span<UInt8>) {
        for index in bytes.indices { add(bytes[index]) }
    }

    /// Adds one byte after those that were added before.
    public mutating func add(_ byte: UInt8) {
        sum += isOdd ? UInt64(byte) : UInt64(byte) << 8
        isOdd.toggle()
    }

    /// Adds two bytes, the most significant first, after those that were added before.
    public mutating func add(_ word: UInt16) {
        add(UInt8(word >> 8))
        add(UInt8(word & 0xFF))
    }

    /// The pseudo header that UDP and TCP over IPv4 are summed with.
    public mutating func addPseudoHeader(
        source: IPv4Address, destination: IPv4Address, protocol number: IPProtocol, length: Int
    ) {
        for address in [source, destination] {
            add(UInt16(address.rawValue >> 16))
            add(UInt16(truncatingIfNeeded: address.rawValue))
        }
        add(UInt16(number.rawValue))
        add(UInt16(truncatingIfNeeded: length))
    }

    /// The pseudo header of RFC 8200, section 8.1.
    public mutating func addPseudoHeader(
        source: IPv6Address, destination: IPv6Address, protocol number: IPProtocol, length: Int
    ) {
        for address in [source, destination] {
            for shift in stride(from: 112, through: 0, by: -16) {
                add(UInt16(truncatingIfNeeded: address.rawValue >> UInt128(shift)))
            }
        }
        add(UInt16(truncatingIfNeeded: length >> 16))
        add(UInt16(truncatingIfNeeded: length))
        add(UInt16(number.rawValue))
    }

    /// The checksum field's value. Over bytes that hold a right checksum it is 0.
    public var value: UInt16 {
        var folded = sum
        while folded > 0xFFFF { folded = (folded & 0xFFFF) + (folded >> 16) }
        return ~UInt16(truncatingIfNeeded: folded)
    }

    /// The checksum of `bytes` alone.
    public static func of(_ bytes: Span<UInt8>) -> UInt16 {
        var checksum = InternetChecksum()
        checksum.add(bytes)
        return checksum.value
    }
}
