// SPDX-License-Identifier: Apache-2.0

import AnnotatedHex
import Testing
import Wire

private let bigEndianFile = """
    0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffff ffffffff 0000001c     // section
    00000001 0000001c 0001 0000 00000002 0009 0001 09 000000 0000001c   // Ethernet, 2 bytes, nanoseconds
    00000005 0000000c 0000000c                                          // of another kind
    00000006 00000024 00000000 00000001 00000002 00000002 00000003 aabb 0000 00000024
    00000003 00000014 00000009 ccdd 0000 00000014                       // without a time
    """
private let littleEndianFile = """
    0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffff ffffffff 1c000000     // section
    01000000 14000000 0100 0000 00000000 14000000                       // Ethernet, any length, microseconds
    06000000 24000000 00000000 00000000 07000000 01000000 01000000 ee 000000 24000000
    """

@Suite struct PcapNGTests {
    private func read(_ file: [UInt8], pieces size: Int) throws -> [PcapPacket] {
        var reader = PcapReader()
        var found: [PcapPacket] = []
        for start in stride(from: 0, to: file.count, by: size) {
            reader.feed(Array(file[start..<min(start + size, file.count)]))
            while let packet = try reader.next() { found.append(packet) }
        }
        try reader.finish()
        return found
    }

    @Test(arguments: [1, 7, 24, 1000])
    func `sections of both byte orders are read, fed in pieces of any size`(size: Int) throws {
        let packets = try read(bytes(bigEndianFile + "\n" + littleEndianFile), pieces: size)
        #expect(
            packets == [
                PcapPacket(time: 1 << 32 + 2, bytes: [0xAA, 0xBB], originalLength: 3),
                PcapPacket(time: 0, bytes: [0xCC, 0xDD], originalLength: 9),
                PcapPacket(time: 7000, bytes: [0xEE]),
            ])
    }

    /// The resolution's byte is at 28 + 20.
    @Test(
        arguments: [
            (9, 4_294_967_298), (0, 4_294_967_298_000_000_000), (127, 0), (0xA0, 1_000_000_000),
            (0xFF, 0),
        ] as [(UInt8, UInt64)])
    func `times have the resolution that the file states`(resolution: UInt8, time: UInt64) throws {
        var file = bytes(bigEndianFile)
        file[48] = resolution
        #expect(try read(file, pieces: 1000).first?.time == time)
    }

    /// The upper half of the first packet's time is at 68 + 12.
    @Test(arguments: [0, 6, 0x80, 0x94] as [UInt8])
    func `a time too large for 64 bits is the largest`(resolution: UInt8) throws {
        var file = bytes(bigEndianFile)
        file[48] = resolution
        for place in 80..<84 { file[place] = 0xFF }
        #expect(try read(file, pieces: 1000).first?.time == .max)
    }

    @Test func `lengths and numbers of any value end in an error or in packets`() {
        let file = bytes(bigEndianFile)
        var failures = 0
        for place in stride(from: 0, to: file.count - 3, by: 4) {
            for value in [UInt32(0), 1, 11, 13, 16, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFC, .max] {
                var damaged = file
                for byte in 0..<4 { damaged[place + byte] = UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * byte)) }
                do { _ = try read(damaged, pieces: 64) } catch { failures += 1 }
            }
        }
        #expect(failures > 100)
    }

    @Test func `a file that ends inside a block is not mistaken for a complete one`() {
        #expect(throws: PcapError.self) { try read(bytes(bigEndianFile).dropLast(2), pieces: 64) }
    }
}
