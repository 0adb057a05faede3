// SPDX-License-Identifier: Apache-2.0

/// The protocol that carries requests and their replies.
public enum TransportProtocol: String, Sendable, Hashable, CaseIterable {
    /// One datagram per request.
    case udp
    /// Requests on connections, each after its length.
    case tcp
}

/// The payload of a request: its id, then bytes that are computed from the id and their place, so that a reply that was
/// changed on its way is recognized.
///
///     UDP  | id, 32 bits, big-endian | pattern … |
///     TCP  | id | bytes of the request, 32 bits, big-endian | pattern … |
///
/// The id comes first in both, so that what reads requests on the wire finds it where the payload begins.
struct RequestPayload {
    static let idBytes = 4
    static let lengthBytes = 4
    /// A stream's request that claims to be longer is taken for no request at all.
    static let largestInStream = 1 << 20

    let transport: TransportProtocol

    /// Bytes in front of the pattern.
    var headerBytes: Int { Self.headerBytes(transport) }

    static func headerBytes(_ transport: TransportProtocol) -> Int {
        transport == .tcp ? idBytes + lengthBytes : idBytes
    }

    func fill(_ payload: inout [UInt8], id: UInt32) {
        Self.write(id, to: &payload, at: 0)
        if transport == .tcp { Self.write(UInt32(payload.count), to: &payload, at: Self.idBytes) }
        for index in headerBytes..<payload.count { payload[index] = Self.patternByte(at: index, of: id) }
    }

    /// The id that `payload` begins with; nil if it is too short for one.
    static func id(of payload: some RandomAccessCollection<UInt8>) -> UInt32? {
        number(payload.prefix(idBytes))
    }

    /// How long the request is that `stream` begins with; nil if too few bytes have come.
    static func length(of stream: ArraySlice<UInt8>) -> Int? {
        number(stream.dropFirst(idBytes).prefix(lengthBytes)).map(Int.init)
    }

    /// Whether `payload` is what a request of this id and length carried.
    func isIntact(_ payload: some RandomAccessCollection<UInt8>, id: UInt32, length: Int) -> Bool {
        guard payload.count == length else { return false }
        for (index, byte) in payload.enumerated().dropFirst(headerBytes)
        where byte != Self.patternByte(at: index, of: id) {
            return false
        }
        return true
    }

    private static func write(_ number: UInt32, to payload: inout [UInt8], at offset: Int) {
        for index in 0..<4 { payload[offset + index] = UInt8(truncatingIfNeeded: number >> UInt32(24 - 8 * index)) }
    }

    private static func number(_ bytes: some Collection<UInt8>) -> UInt32? {
        bytes.count == 4 ? bytes.reduce(0) { $0 << 8 | UInt32($1) } : nil
    }

    private static func patternByte(at index: Int, of id: UInt32) -> UInt8 {
        UInt8(truncatingIfNeeded: (id &* 0x9e37_79b1 &+ UInt32(truncatingIfNeeded: index) &* 0x85eb_ca6b) >> 24)
    }
}
