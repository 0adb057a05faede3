// SPDX-License-Identifier: Apache-2.0

import Addresses
import Testing

@Suite struct AddressTests {
    @Test(arguments: [
        ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
        ("::ffff:10.0.1.1", "::ffff:a00:101"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
    ])
    func `IPv6 text reads, and is written as RFC 5952 says`(text: String, canonical: String) throws {
        let address = try #require(IPv6Address(text))
        #expect(address.description == canonical)
        #expect(IPv6Address(canonical) == address)
        #expect(IPAddress(text) == .v6(address))
    }

    @Test func `any IPv6 address survives printing and parsing`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<1000 {
            // Sparse words, so that runs of zeros of all lengths and places occur.
            let words = (0..<8).map { _ in Bool.random(using: &generator) ? UInt16.random(in: 0...UInt16.max) : 0 }
            let address = IPv6Address(rawValue: words.reduce(0) { $0 << 16 | UInt128($1) })
            #expect(IPv6Address(address.description) == address)
            #expect(IPv6Address(octets: address.octets) == address)
        }
    }

    @Test(arguments: [
        "", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "1:2:3:4:5:6:7:8::", "+1::",
        "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "1.2.3.4::", "fe80::1%eth0", "::1/128",
    ])
    func `text that is not an IPv6 address is refused`(text: String) {
        #expect(IPv6Address(text) == nil)
        #expect(IPAddress(text) == nil)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1..2.3", "1.2.3.+4", "a.b.c.d", "1.2.3.4 ", "10.0.1.01",
        "10.0.1.٣",
    ])
    func `text that is not an IPv4 address is refused`(text: String) {
        #expect(IPv4Address(text) == nil)
        #expect(IPAddress(text) == nil)
        #expect(IPPrefix(text + "/24") == nil)
    }

    @Test(arguments: ["0.0.0.0", "10.0.2.2", "10.0.1.1", "255.255.255.255"])
    func `IPv4 text comes back as it was`(text: String) throws {
        let address = try #require(IPv4Address(text))
        #expect(address.description == text)
        #expect(IPv4Address(octets: address.octets) == address)
        #expect(IPAddress(text) == .v4(address))
        #expect(IPv6Address(mapping: address).mapped == address)
    }

    @Test func `octets are in the order of transmission`() {
        #expect(IPv4Address("10.0.1.2")?.octets == [10, 0, 1, 2])
        #expect(MACAddress("08:00:00:00:01:11")?.octets == [8, 0, 0, 0, 1, 0x11])
        #expect(IPv6Address("102:304::f")?.octets == [1, 2, 3, 4] + Array(repeating: 0, count: 11) + [15])
        #expect(IPAddress(octets: [1, 2, 3]) == nil)
        #expect(MACAddress(octets: [1, 2, 3]) == nil)
    }

    @Test func `only ::ffff:0:0/96 holds mapped addresses`() {
        #expect(IPv6Address("::10.0.1.1")?.mapped == nil)
        #expect(IPv6Address("::ffff:10.0.1.1")?.mapped == IPv4Address("10.0.1.1"))
    }

    @Test(arguments: ["08:00:00:00:01:11", "8:0:0:0:1:11", "08-00-00-00-01-11"])
    func `a MAC address has one written form`(text: String) {
        #expect(MACAddress(text)?.description == "08:00:00:00:01:11")
    }

    @Test func `a group's MAC address has the lowest bit of its first octet set`() {
        #expect(MACAddress("01:00:5e:00:00:01")?.isGroup == true)
        #expect(MACAddress("02:00:00:00:00:01")?.isGroup == false)
        #expect(MACAddress.broadcast.isGroup)
        #expect("\(MACAddress.broadcast)" == "ff:ff:ff:ff:ff:ff")
    }

    @Test(arguments: [
        "", "08:00:00:00:01", "08:00:00:00:01:11:22", "08:00:00:00:01:1g", "008:00:00:00:01:11", "+8:0:0:0:0:0",
        "08:00:00:00:01:+1", "080000000111", "08:00:00:00:01:", "08:00-00:00:01:11",
    ])
    func `text that is not a MAC address is refused`(text: String) {
        #expect(MACAddress(text) == nil)
    }
}
