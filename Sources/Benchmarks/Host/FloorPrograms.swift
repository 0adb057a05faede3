// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import EmbeddedPrograms
internal import TelemetryFormats

/// The programs of bpf/floor.bpf.c, for as many bytes of telemetry as are measured.
struct FloorPrograms: ~Copyable, Sendable {
    let xdpEmpty: BPFProgram
    let tcEmpty: BPFProgram
    let stripOnly: BPFProgram
    let roomOnly: BPFProgram

    init(telemetry: Int) throws(BPFError) {
        let file = try ObjectFile(named: "p4ni_floor", image: EmbeddedImage.floor.bytes)
        try file.setInitialValue(of: ".rodata.floor", to: UInt32(telemetry))
        let object = try file.load()
        let xdpEmpty = try object.program(named: "p4ni_xdp_empty")
        let tcEmpty = try object.program(named: "p4ni_tc_empty")
        let stripOnly = try object.program(named: "p4ni_xdp_strip_only")
        let roomOnly = try object.program(named: "p4ni_tc_room_only")
        self.xdpEmpty = xdpEmpty
        self.tcEmpty = tcEmpty
        self.stripOnly = stripOnly
        self.roomOnly = roomOnly
    }
}

/// Requests with telemetry, and their replies, that differ in nothing but the request id.
struct BenchFrames: Sendable {
    /// Bytes of shim and records.
    let telemetry: Int
    private let requestBytes: [UInt8]
    private let replyBytes: [UInt8]

    /// - Parameter records: 0: no telemetry at all.
    init(level: Level, records: Int) {
        let link: [UInt8] = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1]
        var bytes: [UInt8] = records == 0 ? [] : [level.rawValue, 0, 0, UInt8(records)]
        for record in 0..<records {
            bytes += [UInt8](repeating: UInt8(record + 1), count: level.recordSize - 2)
            bytes += record == records - 1 ? [0x08, 0x00] : [0x12, 0x13]
        }
        telemetry = bytes.count
        let client: [UInt8] = [10, 0, 1, 1, 0x9c, 0x40]
        let server: [UInt8] = [10, 0, 2, 2, 0x04, 0xd2]
        let type: [UInt8] = records == 0 ? [0x08, 0x00] : [0x12, 0x12]
        requestBytes = link + type + bytes + Self.datagram(from: client, to: server)
        replyBytes = link + [0x08, 0x00] + Self.datagram(from: server, to: client)
    }

    /// IPv4 and UDP around a request id, its complement and 24 bytes: the checksums are right whatever the id is. An end
    /// is 4 bytes of address and 2 of port.
    private static func datagram(from: [UInt8], to: [UInt8]) -> [UInt8] {
        var ip: [UInt8] = [0x45, 0, 0, 60, 0, 0, 0, 0, 64, 17, 0, 0] + from[..<4] + to[..<4]
        var udp: [UInt8] = from[4...] + to[4...] + [0, 40, 0, 0]
        udp += [0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff] + [UInt8](repeating: 0, count: 24)
        put(~KnownSum.of(ip), in: &ip, at: 10)
        put(~KnownSum.of(ip[12..<20] + [0, 17, 0, 40] + udp), in: &udp, at: 6)
        return ip + udp
    }

    private static func put(_ number: UInt16, in bytes: inout [UInt8], at place: Int) {
        bytes[place] = UInt8(number >> 8)
        bytes[place + 1] = UInt8(number & 0xff)
    }

    func request(_ id: UInt32) -> [UInt8] { Self.numbered(requestBytes, id, at: 14 + telemetry + 28) }
    func reply(_ id: UInt32) -> [UInt8] { Self.numbered(replyBytes, id, at: 14 + 28) }

    private static func numbered(_ frame: [UInt8], _ id: UInt32, at offset: Int) -> [UInt8] {
        var frame = frame
        for byte in 0..<4 {
            let octet = UInt8(truncatingIfNeeded: id >> (24 - 8 * byte))
            frame[offset + byte] = octet
            frame[offset + 4 + byte] = ~octet
        }
        return frame
    }
}
