// SPDX-License-Identifier: Apache-2.0

import Addresses
import AnnotatedHex
import Testing
import Wire

@Suite struct ChecksumTests {
    /// The worked example of RFC 1071, section 3.
    @Test func `the sum of RFC 1071's example`() {
        #expect(InternetChecksum.of(bytes("0001 f203 f4f5 f6f7").span) == ~0xDDF2)
    }

    @Test(arguments: 0...8)
    func `pieces of any length sum as all bytes do`(cut: Int) {
        let all = bytes("45 00 00 73 00 00 40 00 40")
        var pieces = InternetChecksum()
        pieces.add(all.span.extracting(0..<cut))
        pieces.add(all.span.extracting(cut..<all.count))
        #expect(pieces.value == InternetChecksum.of(all.span))
    }

    @Test func `a right checksum sums to zero`() {
        #expect(InternetChecksum.of(bytes("45000073 00004000 4011b861 c0a80001 c0a800c7").span) == 0)
    }

    @Test func `UDP over IPv6 sums with the pseudo header`() throws {
        // 2001:db8::1 to 2001:db8::2, UDP 1 to 2, length 9, payload 0x01. Summed by hand:
        // 2001+0db8+1 + 2001+0db8+2 + 9 + 11 + 1+2+9 + 0100 = 5c9b, in hexadecimal; complement a364.
        var sum = InternetChecksum()
        sum.addPseudoHeader(
            source: try #require(IPv6Address("2001:db8::1")), destination: try #require(IPv6Address("2001:db8::2")),
            protocol: .udp, length: 9)
        sum.add(bytes("0001 0002 0009 0000 01").span)
        #expect(sum.value == 0xA364)
    }

    @Test func `UDP over IPv4 sums with the pseudo header`() {
        // 0a00+0101 + 0a00+0202 + 11 + 9 + 1+2+9 + 0100 = 1829, in hexadecimal; complement e7d6.
        var sum = InternetChecksum()
        sum.addPseudoHeader(
            source: IPv4Address(rawValue: 0x0A00_0101), destination: IPv4Address(rawValue: 0x0A00_0202), protocol: .udp,
            length: 9)
        sum.add(bytes("0001 0002 0009 0000 01").span)
        #expect(sum.value == 0xE7D6)
    }
}
