// SPDX-License-Identifier: Apache-2.0

internal import Wire

/// Fields of any width up to 64 bits, most significant bit first, out of a record whose size was checked before.
struct BitReader: ~Escapable {
    private let bytes: Span<UInt8>
    private var position = 0

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
    }

    mutating func next(_ width: Int) -> UInt64 {
        var value: UInt64 = 0
        var left = width
        while left > 0 {
            let bit = position & 7
            let taken = min(8 - bit, left)
            let byte = UInt64(bytes[position >> 3])
            value = value << UInt64(taken) | byte >> UInt64(8 - bit - taken) & (1 << UInt64(taken) - 1)
            position += taken
            left -= taken
        }
        return value
    }

    mutating func skip(_ width: Int) { position += width }
}

/// The inverse: gathers fields into whole bytes.
struct BitWriter {
    private var open: UInt8 = 0
    private var openBits = 0

    /// Appends the lowest `width` bits of `value`; bytes go to `writer` as they fill.
    mutating func put(_ value: UInt64, _ width: Int, into writer: inout PacketWriter) {
        var left = width
        while left > 0 {
            let taken = min(8 - openBits, left)
            let piece = value >> UInt64(left - taken) & (1 << UInt64(taken) - 1)
            open = open << UInt8(truncatingIfNeeded: taken) | UInt8(piece)
            openBits += taken
            left -= taken
            if openBits == 8 {
                writer.uint8(open)
                open = 0
                openBits = 0
            }
        }
    }
}
