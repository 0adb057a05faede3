// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LinuxSystem

/// A frame of many packets is cut as a network card cuts it.
@Suite struct SegmentationTests {
    /// Ethernet, IPv4 from 10.9.0.1 to 10.9.0.2, TCP with FIN, PSH, CWR and ACK, `payload` bytes counting up.
    private func segment(payload: Int, tags: Int = 0) -> [UInt8] {
        let macs: [UInt8] = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1]
        let vlan = [[UInt8]](repeating: [0x81, 0x00, 0x00, 5], count: tags).flatMap { $0 }
        let length = 40 + payload
        let network: [UInt8] = [
            0x45, 0, UInt8(length >> 8), UInt8(length & 0xff), 0xff, 0xff, 0x40, 0, 64, 6, 0, 0, 10, 9, 0, 1, 10, 9, 0,
            2,
        ]
        let transport: [UInt8] = [
            0x30, 0x39, 0, 80, 0xff, 0xff, 0xff, 0x00, 0, 0, 0, 1, 0x50, 0x99, 1, 0, 0, 0, 0, 0,
        ]
        var frame = macs + vlan
        frame += [8, 0] + network
        frame += transport
        for index in 0..<payload { frame.append(UInt8(truncatingIfNeeded: index)) }
        return frame
    }

    private func cut(_ frame: [UInt8], transport: Int, segmentSize: Int) -> [[UInt8]]? {
        let offload = TransmitOffload(checksum: (transport, 16), segmentSize: segmentSize)
        return unsafe frame.withUnsafeBytes { frame in
            guard let segmentation = unsafe Segmentation(of: frame, offload) else { return nil }
            var packets: [[UInt8]] = []
            unsafe withUnsafeTemporaryAllocation(byteCount: segmentation.largestFrame, alignment: 16) { room in
                _ = unsafe segmentation.forEachPacket(of: frame, in: room) { unsafe packets.append(Array($0)) }
            }
            return packets
        }
    }

    @Test(arguments: [0, 1, 2]) func eachPacketHasItsOwnHeaders(tags: Int) throws {
        let frame = segment(payload: 2500, tags: tags)
        let network = 14 + 4 * tags
        let packets = try #require(cut(frame, transport: network + 20, segmentSize: 1000))
        #expect(packets.map(\.count) == [1000, 1000, 500].map { network + 40 + $0 })
        #expect(packets.flatMap { $0[(network + 40)...] } == Array(frame[(network + 40)...]))
        // Identification and sequence number wrap.
        #expect(packets.map { Array($0[(network + 4)..<(network + 6)]) } == [[0xff, 0xff], [0, 0], [0, 1]])
        #expect(
            packets.map { Array($0[(network + 24)..<(network + 28)]) }
                == [[0xff, 0xff, 0xff, 0x00], [0, 0, 2, 0xe8], [0, 0, 6, 0xd0]])
        #expect(packets.map { $0[network + 33] } == [0x90, 0x10, 0x19])
        for packet in packets {
            #expect(sum(packet[network..<(network + 20)]) == 0xffff)
            let length = packet.count - network - 20
            let pseudo = packet[(network + 12)..<(network + 20)] + [0, 6, UInt8(length >> 8), UInt8(length & 0xff)]
            #expect(sum(pseudo + packet[(network + 20)...]) == 0xffff)
        }
    }

    @Test func whatIsNeitherTCPNorUDPOverIPIsLeftAlone() {
        var other = segment(payload: 2500)
        other[23] = 132
        #expect(cut(other, transport: 34, segmentSize: 1000) == nil)
        var telemetry = segment(payload: 2500)
        telemetry[12] = 0x12
        telemetry[13] = 0x12
        #expect(cut(telemetry, transport: 34, segmentSize: 1000) == nil)
        // Headers that the frame, or the description, contradicts.
        #expect(cut(segment(payload: 2500), transport: 20, segmentSize: 1000) == nil)
        #expect(cut(Array(segment(payload: 2500).prefix(50)), transport: 34, segmentSize: 1000) == nil)
        #expect(cut(segment(payload: 0), transport: 34, segmentSize: 1000) == nil)
        #expect(cut(segment(payload: 2500), transport: 34, segmentSize: 0) == nil)
    }

    @Test(arguments: 0...9) func aSumIsThatOfItsWords(length: Int) {
        let bytes = (0..<length).map { UInt8(0xf0 &+ $0) }
        let fast = unsafe bytes.withUnsafeBytes { unsafe OnesComplementSum.of($0) }
        #expect(UInt16(bigEndian: fast) == sum(bytes[...]))
    }

    /// RFC 1071, word by word; an odd last byte counts as followed by a zero.
    private func sum(_ bytes: some Collection<UInt8>) -> UInt16 {
        var (sum, isHigh) = (UInt32(0), true)
        for byte in bytes {
            sum += isHigh ? UInt32(byte) << 8 : UInt32(byte)
            isHigh.toggle()
        }
        while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
        return UInt16(sum)
    }
}
