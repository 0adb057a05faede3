// SPDX-License-Identifier: Apache-2.0

import CHostPrograms
import Testing

@testable import HostAgent

@Suite struct PeerTests {
    @Test(
        arguments: [
            "10.0.2.0/24", "10.0.2.2", "10.0.2.2:1234", "10.0.2.2:1234/udp", "10.0.2.0/24:80/tcp", "0.0.0.0/0",
            "2001:db8::/64", "2001:db8::2", "[2001:db8::2]:443/tcp", "[2001:db8::/64]:53/udp", "::/0", "10.0.2.2/udp",
        ])
    func `a peer reads as it is written`(text: String) throws {
        #expect(try #require(Peer(text)).description == text)
    }

    @Test(
        arguments: [
            "", "10.0.2", "10.0.2.0/33", "10.0.2.1/24", "10.0.2.2:0", "10.0.2.2:65536", "10.0.2.2:", "[2001::2]443",
            "2001::2/129", "2001:db8::1/64", "host", "10.0.2.2/icmp", "10.0.2.2:80/", "[10.0.2.2", "/24", "10.0.2.2/-1",
        ])
    func `what is not a peer is refused`(text: String) {
        #expect(Peer(text) == nil)
    }

    @Test func `more rules for one prefix than fit are an error`() throws {
        let peers = try (1...9).map { try #require(Peer("10.0.2.2:\($0)")) }
        #expect(throws: (any Error).self) { try PeerTable(peers) }
        #expect(try PeerTable(Array(peers.dropLast())).entries.count == 1)
    }

    @Test(arguments: ["every", "1/1", "1/100", "5/s", "1000000000/s"])
    func `sampling reads as it is written`(text: String) throws {
        #expect(try #require(Sampling(text)).description == text)
    }

    @Test(arguments: ["", "1/0", "2/3", "0/s", "1/s/s", "-1/s", "all", "100", "2000000000/s"])
    func `what is not a sampling is refused`(text: String) {
        #expect(Sampling(text) == nil)
    }

    @Test func `one in one is every one`() {
        var settings = p4ni_client_settings()
        Sampling.share(1).set(in: &settings)
        #expect(settings.sampling == UInt32(P4NI_SAMPLE_EVERY))
        Sampling.share(2).set(in: &settings)
        #expect(settings.threshold == 1 << 31)
    }

    @Test func `the ring's layout is the one that is read`() {
        #expect(MemoryLayout<p4ni_client_flow>.size == 40)
        #expect(MemoryLayout<p4ni_report>.offset(of: \.flow) == 8)
        #expect(MemoryLayout<p4ni_report>.offset(of: \.host_id) == 48)
        #expect(MemoryLayout<p4ni_report>.offset(of: \.called) == 56)
        #expect(MemoryLayout<p4ni_report>.offset(of: \.received) == 80)
        #expect(MemoryLayout<p4ni_report>.offset(of: \.head) == Int(P4NI_REPORT_FIXED))
    }
}
