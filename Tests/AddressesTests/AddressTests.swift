// SPDX-License-Identifier: Apache-2.0

import Testing
import Addresses

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
    }

    @Test(arguments: [
        "", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "1:2:3:4:5:6:7:8::", "+1::",
        "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "1.2.3.4::",
    ])
    func `text that is no IPv6 address is refused`(text: String) {
        #expect(IPv6Address(text) == nil)
    }

    @Test(arguments: ["", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1..2.3", "1.2.3.+4", "a.b.c.d", "1.2.3.4 "])
    func `text that is no IPv4 address is refused`(text: String) {
        #expect(IPv4Address(text) == nil)
    }

    @Test(arguments: ["0.0.0.0", "10.0.2.2", "255.255.255.255"])
    func `IPv4 text comes back as it was`(text: String) {
        #expect(IPv4Address(text)?.description == text)
    }

    @Test(arguments: ["08:00:00:00:01:11", "8:0:0:0:1:11", "08-00-00-00-01-11"])
    func `a MAC address has one written form`(text: String) {
        #expect(MACAddress(text)?.description == "08:00:00:00:01:11")
    }

    @Test(arguments: [
        "", "08:00:00:00:01", "08:00:00:00:01:11:22", "08:00:00:00:01:1g", "008:00:00:00:01:11", "+8:0:0:0:0:0",
    ])
    func `text that is no MAC address is refused`(text: String) {
        #expect(MACAddress(text) == nil)
    }
}
