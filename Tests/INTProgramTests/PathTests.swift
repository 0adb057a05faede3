// SPDX-License-Identifier: Apache-2.0

import Journeys
import TelemetryFormats
import Testing
import Wire

/// A request's way through three switches and back, on clocks that the test sets, so that every time is known.
@Suite struct PathTests {
    @Test(arguments: Level.chained, Traffic.allCases)
    func theSinkReportsEveryHopOfTheWayOutAndBack(level: Level, traffic: Traffic) throws {
        var path = try Path(level: level, traffic: traffic)
        let (delivered, copy) = try path.roundTrip()
        let frame = try Packets.telemetry(copy.bytes)
        #expect(copy.port == 3)
        #expect(frame.level == level)
        #expect(frame.hops.map(\.switchID.rawValue) == [1, 2, 3, 3, 2, 1])
        #expect(frame.shim.forward == 3)
        #expect(frame.host == Path.host)
        #expect(frame.inner.requestID == Packets.requestID)
        #expect(frame.inner == traffic.reply())
        // Cut after the request id: the collector is owed no payload.
        #expect(copy.bytes.count == 14 + frame.telemetrySize + traffic.internetSize + traffic.transportSize + 4)
        #expect(delivered.port == 1)
        try Packets.expectRouted(delivered.bytes, from: Packets.reply(traffic), hops: 3, traffic)
        #expect(Journey(frame.report, seenAt: 0).isComplete)
    }

    @Test func timesPortsAndQueuesAreThoseOfThePacketsOwnStay() throws {
        var path = try Path(level: .full)
        let (_, copy) = try path.roundTrip()
        let hops = Array(try Packets.telemetry(copy.bytes).hops.reversed())
        // In travel order: a packet enters a switch 10 us after it left the last and waits 5 us there.
        for (index, hop) in hops.enumerated() {
            let arrival = Path.start + UInt64(index) * 15 + (index >= 3 ? Path.serverTime : 0)
            #expect(hop.ingressTime == .microseconds(arrival))
            #expect(hop.egressTime == .microseconds(arrival + 5))
            #expect(hop.enqueueTime == .microseconds(arrival, width: 32))
            #expect(hop.queueTime == .exact(5000))
            #expect(hop.latency == .exact(5000))
            #expect(hop.enqueueDepth == .exact(0))
            #expect(hop.dequeueDepth == .exact(0))
            #expect(hop.ingressPort == (index < 3 ? 1 : 2))
            #expect(hop.egressPort == (index < 3 ? 2 : 1))
            #expect(hop.packetsSinceLast == 1)
            #expect(hop.lastTelemetryTime == .microseconds(0))
        }
    }

    @Test func aJourneysPartsAddUpToItsTotal() throws {
        var path = try Path(level: .standard)
        let (_, copy) = try path.roundTrip()
        let journey = Journey(try Packets.telemetry(copy.bytes).report, seenAt: 0)
        let sum = journey.parts.scale
        #expect(journey.total == sum)
        #expect(journey.parts.allSatisfy { $0.duration != nil })
        #expect(sum.count == (6 * 5 + 4 * 10 + 10 + Path.serverTime) * 1000)
    }

    @Test func theTimeToLiveFallsByOneAHopAndTheChecksumFollows() throws {
        var path = try Path(level: .standard)
        let (delivered, _) = try path.roundTrip()
        let before = try Packets.internet(Packets.reply()).header
        let after = try Packets.internet(delivered.bytes).header
        #expect(after.timeToLive == before.timeToLive - 3)
    }
}
