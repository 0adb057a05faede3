// SPDX-License-Identifier: Apache-2.0

import Addresses
import Testing

@Suite struct PrefixTests {
    @Test(arguments: ["10.0.1.1/24", "0.0.0.0/0", "10.1.2.3/32", "fd00:1::1/64", "2001:db8::/32", "::/0", "::1/128"])
    func `a prefix comes back as it was`(text: String) {
        #expect(IPPrefix(text)?.description == text)
    }

    @Test(arguments: [
        "", "10.0.1.1", "10.0.1.1/33", "10.0.1.1/-1", "10.0.1.1/+8", "10.0.1.1/", "10.0.1.1/8/8", "::1/129", "/8",
    ])
    func `text that is not a prefix is refused`(text: String) {
        #expect(IPPrefix(text) == nil)
    }

    @Test(arguments: ["10.0.0.0/8", "0.0.0.0/0", "10.1.2.3/32", "2001:db8::/32", "::/0"])
    func `a network comes back as it was`(text: String) throws {
        let network = try IPPrefix(network: text)
        #expect(network.description == text)
        #expect(network.isNetwork)
    }

    @Test func `an address alone is the network that contains only it`() throws {
        #expect(try IPPrefix(network: "10.1.2.3") == IPPrefix(network: "10.1.2.3/32"))
        #expect(try IPPrefix(network: "2001:db8::1") == IPPrefix(network: "2001:db8::1/128"))
    }

    @Test(arguments: [
        ("", "the address must be IPv4 or IPv6, got ''"), ("/8", "the address must be IPv4 or IPv6, got ''"),
        ("a/8", "the address must be IPv4 or IPv6, got 'a'"),
        ("10.0.0.0/33", "prefix length must be 0 to 32, got '33'"),
        ("10.0.0.0/-1", "prefix length must be 0 to 32, got '-1'"),
        ("10.0.0.0/+8", "prefix length must be 0 to 32, got '+8'"),
        ("10.0.0.0/", "prefix length must be 0 to 32, got ''"),
        ("2001:db8::/129", "prefix length must be 0 to 128, got '129'"),
        ("10.0.0.1/8", "the bits after the first 8 of a prefix must be 0, got 10.0.0.1/8"),
        ("2001:db8::1/64", "the bits after the first 64 of a prefix must be 0, got 2001:db8::1/64"),
    ])
    func `text that is not a network is refused with the reason`(text: String, reason: String) {
        let error = #expect(throws: AddressError.self) { try IPPrefix(network: text) }
        #expect(error?.description == reason)
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.1.2.3/32", true), ("10.0.0.0/8", "11.0.0.0/8", false), ("10.1.0.0/16", "10.0.0.0/8", false),
        ("0.0.0.0/0", "10.0.0.0/8", true), ("0.0.0.0/0", "::/0", false), ("2001:db8::/32", "2001:db8:1::/48", true),
    ])
    func `a network contains what begins with its bits`(outer: String, inner: String, isInside: Bool) throws {
        #expect(try IPPrefix(network: outer).contains(IPPrefix(network: inner)) == isInside)
    }

    @Test func `IPv4 is mapped among IPv6 addresses`() throws {
        let mapped = try IPPrefix(network: "10.0.0.0/8").mapped
        #expect(mapped.address == IPv6Address("::ffff:10.0.0.0"))
        #expect(mapped.length == 104)
        #expect(try IPPrefix(network: "2001:db8::/32").mapped.length == 32)
    }
}
