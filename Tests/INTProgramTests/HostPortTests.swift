// SPDX-License-Identifier: Apache-2.0

import Addresses
import Journeys
import TelemetryFormats
import Testing
import Wire

/// Ports that lead to hosts: what a host gets, and what is accepted from it.
@Suite struct HostPortTests {
    /// Port 2 leads to a host; copies to the collector leave by port 3.
    private static let hostPort = """
        table_add port_role host 2 =>
        mirroring_add 500 3
        mc_mgrp_create 1
        mc_node_create 0 2
        mc_node_associate 1 0
        """

    private static func probe(
        _ kind: UInt8, capabilities: UInt8 = 0, port: UInt16 = 0, from host: MACAddress? = nil
    ) -> [UInt8] {
        [1, 0x80, 0xc2, 0, 0, 0x0e] + (host?.octets ?? [2, 0, 0, 0, 0, 0]) + [
            0x12, 0x18, kind, capabilities, 0, 0, 0, 9,
        ]
            + [UInt8(port >> 8), UInt8(port & 0xff)]
    }

    /// Of the server, unless it says otherwise.
    private static func answer(_ capabilities: UInt8, from host: MACAddress = Packets.server) -> [UInt8] {
        probe(answer, capabilities: capabilities, from: host)
    }

    private static let (tick, request, answer, portDown) = (UInt8(0), UInt8(1), UInt8(2), UInt8(3))

    private static func hasTelemetry(_ sent: INTSwitch.Sent) -> Bool {
        sent.bytes[12] == 0x12 && sent.bytes[13] == 0x12
    }

    @Test func aTickBecomesAProbeToEachHost() throws {
        var node = try INTSwitch(id: 9, commands: Self.hostPort)
        let sent = node.forward(Self.probe(Self.tick), port: 510)
        #expect(sent.map(\.port) == [2])
        #expect(sent.first?.bytes == Self.probe(Self.request))
        // A tick comes from the generator alone.
        #expect(node.forward(Self.probe(Self.tick), port: 1).isEmpty)
    }

    @Test(arguments: Traffic.allCases)
    func aHostThatHasNotAnsweredGetsThePlainRequestAndTheCollectorTheWayThere(traffic: Traffic) throws {
        var node = try INTSwitch(id: 9, commands: Self.hostPort)
        let sent = node.forward(Packets.request(carrying: 2, level: .standard, traffic: traffic))
        let plain = try #require(sent.first { $0.port == 2 })
        try Packets.expectRouted(plain.bytes, from: Packets.request(traffic), hops: 1, traffic)
        let copy = try Packets.telemetry(try #require(sent.first { $0.port == 3 }).bytes)
        #expect(copy.hops.count == 3 && copy.host == nil && copy.shim.forward == 0)
        let journey = Journey(copy.report, seenAt: 0)
        #expect(journey.missing == [.noHostRecord, .noReturnHops])
    }

    @Test func anAnswerCountsForThreeSecondsAndUntilThePortIsDownOrTheHostTakesItBack() throws {
        var node = try INTSwitch(id: 9, commands: Self.hostPort)
        let packet = Packets.request(carrying: 1, level: .standard)
        func keepsTelemetry() throws -> Bool {
            Self.hasTelemetry(try #require(node.forward(packet).first { $0.port == 2 }))
        }
        #expect(try !keepsTelemetry())
        // It has done its work, and goes to the packet generator.
        #expect(node.forward(Self.answer(1), port: 2).map(\.port) == [510])
        #expect(try keepsTelemetry())
        node.now += 2_999_000_000
        #expect(try keepsTelemetry())
        node.now += 2_000_000
        #expect(try !keepsTelemetry())
        _ = node.forward(Self.answer(1), port: 2)
        #expect(try keepsTelemetry())
        _ = node.forward(Self.answer(0), port: 2)
        #expect(try !keepsTelemetry())
        _ = node.forward(Self.answer(1), port: 2)
        // Only the generator knows of ports.
        _ = node.forward(Self.probe(Self.portDown, port: 2), port: 1)
        #expect(try keepsTelemetry())
        _ = node.forward(Self.probe(Self.portDown, port: 2), port: 510)
        #expect(try !keepsTelemetry())
        // A client's programs do not return what a request brings.
        _ = node.forward(Self.answer(2), port: 2)
        #expect(try !keepsTelemetry())
    }

    /// Another host at the port, or in the place of the one that answered, is not known to strip anything.
    @Test func anAnswerCountsForTheAddressThatItCameFrom() throws {
        var node = try INTSwitch(id: 9, commands: Self.hostPort)
        let packet = Packets.request(carrying: 1, level: .standard)
        func keepsTelemetry() throws -> Bool {
            Self.hasTelemetry(try #require(node.forward(packet).first { $0.port == 2 }))
        }
        _ = node.forward(Self.answer(1, from: Packets.router), port: 2)
        #expect(try !keepsTelemetry())
        _ = node.forward(Self.answer(1), port: 2)
        #expect(try keepsTelemetry())
        _ = node.forward(Self.answer(1, from: Packets.router), port: 2)
        #expect(try !keepsTelemetry())
        #expect(try node.count("INTEgress.stripped_for_host", 2) == 2)
    }

    @Test(
        arguments: [("from_source", 4), ("from_switch", 4), ("from_host", 0), ("from_server", 0)] as [(String, UInt8)])
    func aHostThatAsksIsToldWhetherItsTelemetryIsAccepted(arrival: String, capabilities: UInt8) throws {
        var node = try INTSwitch(id: 9, commands: "table_add arrivals \(arrival) 1 =>")
        let asked = Self.probe(Self.request)
        let sent = node.forward(asked, port: 1)
        #expect(sent.map(\.port) == [1])
        let turned = Array(asked[6..<12] + asked[0..<6]) + Self.probe(Self.answer, capabilities: capabilities)[12...]
        #expect(sent.first?.bytes == turned)
    }

    @Test func repliesKeepTheirTelemetryOnlyForAHostThatReportsIt() throws {
        var node = try INTSwitch(
            id: 9, commands: "table_add port_role host 1 =>\nmirroring_add 500 3")
        let reply = try Packets.turned(
            Packets.request(carrying: 1, level: .standard), host: HostMeasurement(ordinal: 1, duration: 5))
        _ = node.forward(Self.answer(1, from: Packets.client), port: 1)
        #expect(!Self.hasTelemetry(try #require(node.forward(reply, port: 2).first { $0.port == 1 })))
        _ = node.forward(Self.answer(2, from: Packets.client), port: 1)
        let sent = node.forward(reply, port: 2)
        #expect(sent.map(\.port) == [1])
        #expect(Self.hasTelemetry(sent[0]))
    }

    @Test(arguments: Traffic.allCases)
    func telemetryOfAnUnregisteredHostIsTakenOffAndCounted(traffic: Traffic) throws {
        var node = try INTSwitch(
            id: 9, commands: "table_add arrivals from_host 1 =>\ntable_clear watchlist\ntable_clear watchlist6")
        for (count, forged) in [
            Packets.request(carrying: 3, level: .standard, traffic: traffic),
            Packets.request(carrying: 0, level: .standard, source: SourceTests.source, traffic: traffic),
            try Packets.turned(
                Packets.request(carrying: 2, level: .full, traffic: traffic),
                host: HostMeasurement(ordinal: 1, duration: 5), traffic: traffic),
        ].enumerated() {
            let sent = node.forward(forged)
            #expect(sent.count == 1)
            #expect(!Self.hasTelemetry(sent[0]))
            #expect(try node.count("INTIngress.untrusted", 0) == UInt64(count + 1))
            #expect(try node.count("INTEgress.telemetry", 1) == 0)
        }
    }

    @Test func aRegisteredSourceMayBeginTelemetryAndARegisteredServerReturnIt() throws {
        let begun = Packets.request(carrying: 0, level: .standard, source: SourceTests.source)
        let carried = Packets.request(carrying: 2, level: .standard, source: SourceTests.source)
        let returned = try Packets.turned(carried, host: HostMeasurement(ordinal: 1, duration: 5))
        for (action, accepted) in [("from_source", [true, false, false]), ("from_server", [false, false, true])] {
            var node = try INTSwitch(
                id: 9, commands: "table_add arrivals \(action) 1 =>\ntable_clear watchlist\ntable_clear watchlist6")
            for (frame, isAccepted) in zip([begun, carried, returned], accepted) {
                #expect(Self.hasTelemetry(try #require(node.forward(frame).first)) == isAccepted, "\(action)")
            }
            #expect(try node.count("INTIngress.untrusted", 0) == 2)
        }
    }
}
