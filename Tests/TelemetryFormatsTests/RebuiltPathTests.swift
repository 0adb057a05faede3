// SPDX-License-Identifier: Apache-2.0

import Journeys
import TelemetryFormats
import Testing
import Wire

@Suite struct RebuiltPathTests {
    @Test(arguments: [(1, 1.0), (2, 3.0), (3, 5.5), (6, 14.7)])
    func `the mean number of packets is that of the coupon collector`(hops: Int, mean: Double) {
        #expect(abs(RebuiltPath.meanPackets(toSee: hops) - mean) < 1e-9)
    }

    /// By hand: two hops are both seen in m packets except for the two ways to see the same one m times.
    @Test(arguments: 2...12)
    func `the probability for two hops is 1 less twice a half to the power of the packets`(packets: Int) {
        let expected = (0..<packets).reduce(2.0) { product, _ in product / 2 }
        #expect(abs(RebuiltPath.probability(ofSeeing: 2, in: packets) - (1 - expected)) < 1e-12)
    }

    @Test(arguments: 1...20)
    func `the number of packets is the least that reaches the probability`(hops: Int) {
        for probability in [0.5, 0.95, 0.999] {
            let packets = RebuiltPath.packets(toSee: hops, with: probability)
            #expect(RebuiltPath.probability(ofSeeing: hops, in: packets) >= probability)
            #expect(packets == hops || RebuiltPath.probability(ofSeeing: hops, in: packets - 1) < probability)
        }
    }

    /// A draw that needs no chance: every hop in turn, with a step that visits all.
    @Test func `journeys of one hop each make up the complete path`() {
        var path = RebuiltPath(hopsOut: 3, hopsBack: 2)
        let way: [SwitchID] = [1, 2, 3, 3, 1]
        for packet in 0..<10 {
            #expect(path.isComplete == (packet >= 5))
            let position = packet * 2 % 5
            path.record(journey(of: way[position], at: position + 1, out: 3, met: 5))
        }
        #expect(path.switches == way)
        #expect(path.packets == 10)
        path.record(journey(of: 9, at: 2, out: 2, met: 5))
        path.record(journey(of: 9, at: 6, out: 3, met: 5))
        path.record(journey(of: 9, at: 0, out: 3, met: 5))
        #expect(path.packets == 10, "another way, and positions that cannot be")
        path.record(journey(of: 7, at: 2, out: 3, met: 5))
        #expect(path.switches == way, "the switch seen most often stands for the place")
        #expect(path.seen[1] == [2: 2, 7: 1])
    }

    @Test(arguments: [(1, 1, JourneyPart.Direction.out), (3, 1, .out), (4, 0, .back), (5, 0, .back)])
    func `the hop of a constant frame lies on the way that its number says`(
        position: Int, forward: Int, direction: JourneyPart.Direction
    ) {
        let journey = journey(of: 4, at: position, out: 3, met: 5)
        #expect(journey.isComplete == false, "no host record: \(journey.missing.names)")
        #expect(journey.missing == .noHostRecord)
        #expect(journey.requestHopCount == forward)
        #expect(journey.requestHopsMet == 3 && journey.hopsMet == 5)
        #expect(journey.parts.map(\.kind) == [.hop(4, direction)])
        #expect(journey.parts[0].duration == 1000)
    }

    private func journey(of id: SwitchID, at position: Int, out: Int, met: Int) -> Journey {
        var hop = HopMeasurement(switchID: id, enqueueDepth: .about(0))
        hop.position = UInt8(position)
        hop.latency = .about(1000)
        hop.egressPort = 1
        let frame = TelemetryFrame(
            destination: GoldenFrames.minimalFrame.ethernet.destination,
            source: GoldenFrames.minimalFrame.ethernet.source, level: .constant, forward: UInt8(out), hops: [hop],
            hopsMet: met, inner: GoldenFrames.inner)
        #expect(decoded(frame.encoded()) == .telemetry(frame))
        return Journey(frame.report, seenAt: 0)
    }
}
