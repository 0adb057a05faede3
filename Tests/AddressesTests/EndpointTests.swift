// SPDX-License-Identifier: Apache-2.0

import Addresses
import Testing

@Suite struct EndpointTests {
    @Test(arguments: ["10.0.0.1:80", "0.0.0.0:0", "[fd00::1]:65535", "[::]:443"])
    func `an endpoint comes back as it was`(text: String) {
        #expect(Endpoint(text)?.description == text)
    }

    @Test(arguments: [
        "", "10.0.0.1", "10.0.0.1:", ":80", "10.0.0.1:65536", "10.0.0.1:+1", "fd00::1:80", "[10.0.0.1]:80",
    ])
    func `text that is not an endpoint is refused`(text: String) {
        #expect(Endpoint(text) == nil)
    }

    @Test(arguments: [IPProtocol.icmp, .tcp, .udp, .icmpv6, IPProtocol(rawValue: 132)])
    func `a protocol survives printing and parsing`(_ value: IPProtocol) {
        #expect(IPProtocol(value.description) == value)
    }

    @Test(arguments: ["", "sctp", "256", "017"]) func `text that is not a protocol is refused`(text: String) {
        #expect(IPProtocol(text) == nil)
    }

    @Test func `a flow prints both ends, and its protocol unless that is UDP`() throws {
        let source = IPAddress.v4(try #require(IPv4Address("10.0.1.1")))
        let destination = IPAddress.v6(try #require(IPv6Address("fd00::2")))
        var flow = Flow(source: source, destination: destination)
        #expect("\(flow)" == "10.0.1.1>fd00::2")
        flow.ports = Flow.Ports(source: 50_000, destination: 1234)
        #expect("\(flow)" == "10.0.1.1:50000>[fd00::2]:1234")
        #expect("\(flow.reversed)" == "[fd00::2]:1234>10.0.1.1:50000")
        flow.ipProtocol = .tcp
        #expect("\(flow)" == "10.0.1.1:50000>[fd00::2]:1234/tcp")
        #expect(flow.reversed.reversed == flow)
    }
}
