// SPDX-License-Identifier: Apache-2.0

/// What a request carries: its id, then bytes that follow from the id and the length, so that a reply that was
/// changed on its way is known for what it is.
///
///     | id, 32 bits, big-endian | pattern … |
enum RequestPayload {
    static let idBytes = 4

    static func fill(_ payload: inout [UInt8], id: UInt32) {
        for index in 0..<idBytes { payload[index] = UInt8(truncatingIfNeeded: id >> UInt32(24 - 8 * index)) }
        for index in idBytes..<payload.count { payload[index] = patternByte(at: index, of: id) }
    }

    /// The id that `payload` begins with; nil if it is too short for one.
    static func id(of payload: some RandomAccessCollection<UInt8>) -> UInt32? {
        guard payload.count >= idBytes else { return nil }
        return payload.prefix(idBytes).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Whether `payload` is what a request of this id and length carried.
    static func isIntact(_ payload: some RandomAccessCollection<UInt8>, id: UInt32, length: Int) -> Bool {
        guard payload.count == length else { return false }
        for (index, byte) in payload.enumerated().dropFirst(idBytes) where byte != patternByte(at: index, of: id) {
            return false
        }
        return true
    }

    private static func patternByte(at index: Int, of id: UInt32) -> UInt8 {
        UInt8(truncatingIfNeeded: (id &* 0x9e37_79b1 &+ UInt32(truncatingIfNeeded: index) &* 0x85eb_ca6b) >> 24)
    }
}
