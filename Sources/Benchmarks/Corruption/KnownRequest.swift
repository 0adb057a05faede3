// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import LinuxSystem
internal import TelemetryFormats

/// A request whose every byte is known, and the bytes of its reply that are: built byte by byte, so that nothing of the
/// code under test is used.
struct KnownRequest: Sendable {
    static let seeds = KnownTelemetry.seeds

    let request: [UInt8]
    /// The reply in front of the host's record, except the type in its last two bytes.
    let front: [UInt8]
    /// Where the request id is in the request.
    let idPlace: Int
    private let port: UInt16

    /// - Parameter level: of those whose records say what follows them.
    init(level: Level, records: Int, port: UInt16, seed: UInt8) {
        self.port = port
        let telemetry = KnownTelemetry(level: level, records: records, seed: seed)
        let udp = Self.payload
        let ports: [UInt8] = [UInt8(port >> 8), UInt8(port & 0xff)] + Self.serverPort
        let datagram = Self.ip(udp.count + 8) + ports + [0, UInt8(udp.count + 8), 0, 0] + udp
        request = BenchCable.serverLink + BenchCable.clientLink + [0x12, 0x12] + telemetry.request + datagram
        idPlace = 14 + telemetry.request.count + 28
        front = BenchCable.clientLink + BenchCable.serverLink + telemetry.returned
    }

    private static let payload: [UInt8] = [0, 0, 0, 0] + (0..<20).map { $0 &* 11 }
    private static let serverPort = [UInt8(BenchCable.port >> 8), UInt8(BenchCable.port & 0xff)]

    private static func ip(_ count: Int) -> [UInt8] {
        var header: [UInt8] =
            [0x45, 0, 0, UInt8(20 + count), 0, 7, 0, 0, 64, 17, 0, 0] + BenchCable.clientAddress.octets
            + BenchCable.serverAddress.octets
        let sum = ~KnownSum.of(header)
        header[10] = UInt8(sum >> 8)
        header[11] = UInt8(sum & 0xff)
        return header
    }

    /// The port that a reply goes to, and the id of the request it answers; nil for one that is not in shape.
    ///
    /// - Parameter front: bytes of `front`.
    static func address(of reply: Span<UInt8>, front: Int) -> (port: UInt16, id: UInt32)? {
        guard let host = KnownTelemetry.hostRecordSize(of: reply, front: front) else { return nil }
        let place = front + 2 + host + 28
        guard reply.count >= place + 4 else { return nil }
        return (reply.uint16(at: place - 6), reply.uint32(at: place))
    }

    /// Whether a reply is what this request's must be, except for what the server chooses: its times and ordinal, and
    /// the identification, flags, time to live and checksums of its headers.
    func isAnswered(by reply: Span<UInt8>, id: UInt32) -> Bool {
        guard let host = KnownTelemetry.hostRecordSize(of: reply, front: front.count) else { return false }
        let inner = front.count + 2 + host
        guard reply.count == inner + 28 + Self.payload.count else { return false }
        for index in front.indices where reply[index] != front[index] { return false }
        return KnownTelemetry.hostRecordIsSane(reply, inner - host, host) && packetIsRight(reply, inner, id)
    }

    private func packetIsRight(_ reply: Span<UInt8>, _ start: Int, _ id: UInt32) -> Bool {
        let lengths = (ip: UInt16(28 + Self.payload.count), udp: UInt16(8 + Self.payload.count))
        guard reply[start] == 0x45, reply.uint16(at: start + 2) == lengths.ip, reply[start + 9] == 17,
            reply.uint32(at: start + 12) == BenchCable.serverAddress.rawValue,
            reply.uint32(at: start + 16) == BenchCable.clientAddress.rawValue,
            reply.uint16(at: start + 20) == BenchCable.port, reply.uint16(at: start + 22) == port,
            reply.uint16(at: start + 24) == lengths.udp, reply.uint32(at: start + 28) == id
        else { return false }
        for index in 4..<Self.payload.count where reply[start + 28 + index] != Self.payload[index] { return false }
        return true
    }
}

extension Span<UInt8> {
    func uint16(at offset: Int) -> UInt16 { UInt16(self[offset]) << 8 | UInt16(self[offset + 1]) }
    func uint32(at offset: Int) -> UInt32 { UInt32(uint16(at: offset)) << 16 | UInt32(uint16(at: offset + 2)) }
    func uint64(at offset: Int) -> UInt64 { UInt64(uint32(at: offset)) << 32 | UInt64(uint32(at: offset + 4)) }
}
