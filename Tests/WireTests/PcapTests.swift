// SPDX-License-Identifier: Apache-2.0

import AnnotatedHex
import Testing
import Wire

private let packets = [
    PcapPacket(time: 1_700_000_000_123_456_000, bytes: [1, 2, 3]),
    PcapPacket(time: 1_700_000_001_000_000_000, bytes: []),
    PcapPacket(time: 1_700_000_001_999_999_000, bytes: Array(repeating: 7, count: 200), originalLength: 1500),
]

@Suite struct PcapTests {
    @Test(arguments: PcapFormat.Resolution.allCases, PcapFormat.ByteOrder.allCases)
    func `what was written is read back, fed in pieces of any size`(
        resolution: PcapFormat.Resolution, order: PcapFormat.ByteOrder
    ) throws {
        let format = PcapFormat(resolution: resolution, byteOrder: order, snapshotLength: 65535)
        var writer = PcapWriter(format: format)
        for packet in packets { writer.add(packet) }
        let file = writer.drain()
        for size in [1, 7, 24, file.count] {
            var reader = PcapReader()
            var found: [PcapPacket] = []
            for start in stride(from: 0, to: file.count, by: size) {
                reader.feed(Array(file[start..<min(start + size, file.count)]))
                while let packet = try reader.next() { found.append(packet) }
            }
            try reader.finish()
            #expect(found == packets)
            #expect(reader.format == format)
        }
    }

    @Test func `a microsecond file of a big-endian machine`() {
        var writer = PcapWriter(format: PcapFormat(resolution: .microseconds, byteOrder: .bigEndian, snapshotLength: 2))
        writer.add(PcapPacket(time: 5_000_007_000, bytes: [0xAA, 0xBB, 0xCC]))
        let golden = bytes(
            """
            a1b2c3d4 0002 0004     // magic, version 2.4
            00000000 00000000      // reserved
            00000002 00000001      // snapshot length, Ethernet
            00000005 00000007      // 5 s, 7 us
            00000002 00000003      // 2 bytes captured of 3
            aa bb
            """)
        #expect(hex(writer.drain()) == hex(golden))
    }

    @Test func `a nanosecond file of a little-endian machine`() throws {
        var reader = PcapReader()
        reader.feed(
            bytes(
                """
                4d3cb2a1 0200 0400     // magic, version 2.4
                00000000 00000000      // reserved
                ffff0000 01000000      // snapshot length, Ethernet
                05000000 07000000      // 5 s, 7 ns
                01000000 03000000      // 1 byte captured of 3
                aa
                """))
        #expect(try reader.next() == PcapPacket(time: 5_000_000_007, bytes: [0xAA], originalLength: 3))
        #expect(try reader.next() == nil)
    }

    @Test(arguments: [
        ("0a0d0d0a" + String(repeating: "00", count: 20), PcapError.Code.notPcap, 0),
        ("a1b2c3d4 0003 0000" + String(repeating: "00", count: 16), .unknownVersion, 0),
        (
            "a1b2c3d4 0002 0004 00000000 00000000 0000ffff 00000001" + "00000000 00000000 00040001 00040001",
            .packetTooLong, 24
        ),
    ])
    func `damage is reported with its offset`(text: String, code: PcapError.Code, offset: Int) {
        var reader = PcapReader()
        reader.feed(bytes(text))
        let error = #expect(throws: PcapError.self) { try reader.next() }
        #expect(error?.code == code)
        #expect(error?.offset == offset)
    }

    @Test(arguments: [0, 10, 24 + 8, 24 + 16 + 2])
    func `a file that ends early is not mistaken for a complete one`(length: Int) throws {
        var writer = PcapWriter()
        writer.add(packets[0])
        var reader = PcapReader()
        reader.feed(Array(writer.drain().prefix(length)))
        #expect(try reader.next() == nil)
        #expect(throws: PcapError.self) { try reader.finish() }
    }
}
