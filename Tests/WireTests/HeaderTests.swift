// SPDX-License-Identifier: Apache-2.0

import Addresses
import AnnotatedHex
import Testing
import Wire

/// A UDP request as it left a Linux host: IPv4 with a router alert option, and two VLAN tags.
private let tagged = bytes(
    """
    08 00 00 00 02 22      // destination
    08 00 00 00 01 11      // source
    88 a8                  // service tag
    60 64  81 00           // priority 3, VLAN 100, customer tag
    10 c8  08 00           // drop eligible, VLAN 200, IPv4
    46 00 00 24            // version 4, 6 words, total length 36
    1c 46 40 00            // identification, don't fragment
    40 11 72 7c            // TTL 64, UDP, checksum
    0a 00 01 01            // 10.0.1.1
    0a 00 02 02            // 10.0.2.2
    94 04 00 00            // option: router alert
    c3 50 04 d2            // port 50000 to 1234
    00 0c 00 00            // length 12, no checksum
    de ad be ef            // payload
    """)

@Suite struct HeaderTests {
    @Test func `a doubly tagged datagram reads as its fields`() throws {
        var cursor = PacketCursor(tagged.span)
        let ethernet = try EthernetHeader(parsing: &cursor)
        #expect(ethernet.destination.description == "08:00:00:00:02:22")
        #expect(ethernet.etherType == .serviceVLAN)
        let outer = try VLANTag(parsing: &cursor)
        #expect(outer == VLANTag(priority: 3, vlan: 100, etherType: .vlan))
        let inner = try VLANTag(parsing: &cursor)
        #expect(inner == VLANTag(isDropEligible: true, vlan: 200, etherType: .ipv4))
        let ip = try IPv4Header(parsing: &cursor)
        #expect(ip.options == [0x94, 4, 0, 0])
        #expect(ip.flags == 2)
        #expect(ip.holdsTransportHeader)
        #expect(ip.ipProtocol == .udp)
        #expect("\(ip.source) \(ip.destination)" == "10.0.1.1 10.0.2.2")
        #expect(ip.checksum == ip.rightChecksum)
        let udp = try UDPHeader(parsing: &cursor)
        #expect(udp == UDPHeader(sourcePort: 50000, destinationPort: 1234, length: 12))
        #expect(try cursor.uint32() == 0xDEAD_BEEF)
        #expect(cursor.remaining == 0)
    }

    @Test func `what was read is written back byte for byte`() throws {
        var cursor = PacketCursor(tagged.span)
        var writer = PacketWriter()
        try EthernetHeader(parsing: &cursor).write(into: &writer)
        try VLANTag(parsing: &cursor).write(into: &writer)
        try VLANTag(parsing: &cursor).write(into: &writer)
        try IPv4Header(parsing: &cursor).write(into: &writer)
        try UDPHeader(parsing: &cursor).write(into: &writer)
        writer.append(try cursor.span(4))
        #expect(hex(writer.bytes) == hex(tagged))
    }

    @Test func `IPv6 keeps traffic class and flow label apart`() throws {
        let golden = bytes(
            """
            6a b1 23 45            // version 6, class 0xab, label 0x12345
            00 14 06 3f            // payload 20, TCP, hop limit 63
            20010db8 00000000 00000000 00000001
            fe800000 00000000 0a0000ff fe000111
            """)
        var cursor = PacketCursor(golden.span)
        let header = try IPv6Header(parsing: &cursor)
        #expect(header.trafficClass == 0xAB)
        #expect(header.flowLabel == 0x12345)
        #expect(header.nextHeader == .tcp)
        #expect("\(header.source) \(header.destination)" == "2001:db8::1 fe80::a00:ff:fe00:111")
        var writer = PacketWriter()
        header.write(into: &writer)
        #expect(hex(writer.bytes) == hex(golden))
    }

    @Test func `TCP with options survives reading and writing`() throws {
        let golden = bytes(
            """
            c0 01 00 50            // port 49153 to 80
            01 02 03 04            // sequence
            0a 0b 0c 0d            // acknowledgement
            60 12 fa f0            // 6 words, SYN and ACK, window 64240
            be ef 00 00            // checksum, urgent pointer
            02 04 05 b4            // option: segments of 1460
            """)
        var cursor = PacketCursor(golden.span)
        let header = try TCPHeader(parsing: &cursor)
        #expect(header.flags == [.synchronize, .acknowledgement])
        #expect(header.options == [2, 4, 5, 0xB4])
        var writer = PacketWriter()
        header.write(into: &writer)
        #expect(hex(writer.bytes) == hex(golden))
    }

    @Test func `every truncation is a short read, never a crash`() {
        for length in 0..<tagged.count {
            let cut = Array(tagged.prefix(length))
            #expect(throws: ShortRead.self) {
                var cursor = PacketCursor(cut.span)
                _ = try EthernetHeader(parsing: &cursor)
                _ = try VLANTag(parsing: &cursor)
                _ = try VLANTag(parsing: &cursor)
                _ = try IPv4Header(parsing: &cursor)
                _ = try UDPHeader(parsing: &cursor)
                _ = try cursor.uint32()
            }
        }
    }

    @Test func `a header length below the fixed part is refused`() {
        let lying = bytes("44 00 00 14 0000 0000 40 11 0000 0a000101 0a000202")
        #expect(throws: ShortRead(offset: 0, needed: 20, available: 16)) {
            var cursor = PacketCursor(lying.span)
            _ = try IPv4Header(parsing: &cursor)
        }
        let tcp = bytes("c001 0050 00000000 00000000 40 12 0000 0000 0000")
        #expect(throws: ShortRead(offset: 0, needed: 20, available: 16)) {
            var cursor = PacketCursor(tcp.span)
            _ = try TCPHeader(parsing: &cursor)
        }
    }

    @Test func `a failed read says where, and the cursor stays`() {
        let three = bytes("01 02 03")
        var cursor = PacketCursor(three.span)
        #expect(throws: Never.self) { try cursor.skip(1) }
        let error = #expect(throws: ShortRead.self) { try cursor.uint32() }
        #expect(error?.description == "cannot read 4 bytes at offset 1: 2 are left")
        #expect(cursor.offset == 1)
    }
}
