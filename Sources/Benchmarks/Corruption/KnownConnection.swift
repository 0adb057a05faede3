// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import LinuxSystem

/// A TCP connection of the checker's own, without a socket: of every frame that is sent, and of every reply, each byte
/// is known.
///
/// One request is on its way at a time, a segment that the server sends back as one segment. No options are offered, so
/// that headers have 20 bytes.
struct KnownConnection {
    enum Answer { case correct, corrupt, plain }

    /// Nobody's address on the client, whose kernel would otherwise end a connection that it knows nothing of.
    static let address = IPv4Address(rawValue: 0x0a4d_0003)
    static let payloadBytes = 64

    private static let ack: UInt8 = 0x10
    private static let push: UInt8 = 0x08
    private static let syn: UInt8 = 0x02

    let port: UInt16
    private(set) var isOpen = false
    /// Numbers of the next byte that is sent, and of the next that is to come.
    private var next: UInt32 = 1000
    private var expected: UInt32 = 0
    private var waiting: (payload: [UInt8], telemetry: KnownTelemetry)?

    var isWaiting: Bool { waiting != nil }

    init(port: UInt16) { self.port = port }

    /// What opens it.
    func opening() -> [UInt8] { Self.link + [0x08, 0x00] + segment(next &- 1, Self.syn, []) }

    /// The next request.
    mutating func request(_ id: UInt32, _ telemetry: KnownTelemetry) -> [UInt8] {
        let payload = Self.payload(id)
        let frame = Self.link + [0x12, 0x12] + telemetry.request + segment(next, Self.ack | Self.push, payload)
        next &+= UInt32(payload.count)
        waiting = (payload, telemetry)
        return frame
    }

    /// Takes a frame to this connection.
    /// - Parameter packet: where its IP packet begins.
    /// - Returns: nil for one that answers nothing.
    mutating func check(_ frame: Span<UInt8>, packet: Int) -> Answer? {
        let flags = frame[packet + 33]
        if !isOpen {
            guard flags == Self.syn | Self.ack, frame.uint32(at: packet + 28) == next else { return nil }
            expected = frame.uint32(at: packet + 24) &+ 1
            isOpen = true
            return nil
        }
        // Pure acknowledgements, and what was sent again.
        guard let waiting, Int(frame.uint16(at: packet + 2)) > 40,
            Int32(bitPattern: frame.uint32(at: packet + 24) &- expected) >= 0
        else { return nil }
        self.waiting = nil
        let answer = answer(frame, packet, waiting.payload, waiting.telemetry)
        expected &+= UInt32(waiting.payload.count)
        return answer
    }

    private func answer(
        _ frame: Span<UInt8>, _ packet: Int, _ payload: [UInt8], _ telemetry: KnownTelemetry
    ) -> Answer {
        guard packetIsRight(frame, packet, payload) else { return .corrupt }
        guard packet > 14 else { return .plain }
        let front = BenchCable.clientLink + BenchCable.serverLink + telemetry.returned
        let record = front.count + 2
        guard KnownTelemetry.hostRecordSize(of: frame, front: front.count) == packet - record else { return .corrupt }
        for index in front.indices where frame[index] != front[index] { return .corrupt }
        return KnownTelemetry.hostRecordIsSane(frame, record, packet - record) ? .correct : .corrupt
    }

    /// Whether a reply's packet is what it must be, except for what the server chooses: identification, flags and time
    /// to live, and its window. Both checksums must be right.
    private func packetIsRight(_ frame: Span<UInt8>, _ at: Int, _ payload: [UInt8]) -> Bool {
        let length = 40 + payload.count
        guard frame.count == at + length, frame[at] == 0x45, Int(frame.uint16(at: at + 2)) == length,
            frame[at + 9] == 6,
            frame.uint32(at: at + 12) == BenchCable.serverAddress.rawValue,
            frame.uint32(at: at + 16) == Self.address.rawValue,
            frame.uint16(at: at + 20) == BenchCable.port, frame.uint16(at: at + 22) == port,
            frame.uint32(at: at + 24) == expected, frame.uint32(at: at + 28) == next, frame[at + 32] == 0x50,
            frame[at + 33] == Self.ack | Self.push, frame.uint16(at: at + 38) == 0
        else { return false }
        for index in payload.indices where frame[at + 40 + index] != payload[index] { return false }
        let bytes = (at..<frame.count).map { frame[$0] }
        let pseudo = bytes[12..<20] + [0, 6, 0, UInt8(length - 20)]
        return KnownSum.of(bytes[0..<20]) == 0xffff && KnownSum.of(pseudo + bytes[20...]) == 0xffff
    }

    private static var link: [UInt8] { BenchCable.serverLink + BenchCable.clientLink }

    /// As the echo server reads requests: id, length, and bytes that differ from one request to the next.
    private static func payload(_ id: UInt32) -> [UInt8] {
        bytes(id) + bytes(UInt32(payloadBytes))
            + (8..<payloadBytes).map { UInt8(truncatingIfNeeded: UInt32($0) &* 11 &+ id &* 7) }
    }

    private static func bytes(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
    }

    private func segment(_ sequence: UInt32, _ flags: UInt8, _ payload: [UInt8]) -> [UInt8] {
        var ip: [UInt8] =
            [0x45, 0, 0, UInt8(40 + payload.count), 0, 7, 0, 0, 64, 6, 0, 0] + Self.address.octets
            + BenchCable.serverAddress.octets
        Self.put(~KnownSum.of(ip), in: &ip, at: 10)
        var tcp: [UInt8] = [
            UInt8(port >> 8), UInt8(port & 0xff), UInt8(BenchCable.port >> 8), UInt8(BenchCable.port & 0xff),
        ]
        tcp +=
            Self.bytes(sequence) + Self.bytes(isOpen ? expected : 0) + [0x50, flags, 0xff, 0xff, 0, 0, 0, 0] + payload
        Self.put(~KnownSum.of(ip[12..<20] + [0, 6, 0, UInt8(tcp.count)] + tcp), in: &tcp, at: 16)
        return ip + tcp
    }

    private static func put(_ number: UInt16, in bytes: inout [UInt8], at place: Int) {
        bytes[place] = UInt8(number >> 8)
        bytes[place + 1] = UInt8(number & 0xff)
    }
}
