// SPDX-License-Identifier: Apache-2.0

import Collector
import LinuxSystem
import Testing
import Workload

@testable import Scenarios

@Suite struct DropTallyTests {
    @Test func `counts of one reason add up, and zeros are left out`() {
        var tally = DropTally()
        tally.add("switch.queue_full", 2)
        tally.add("switch.queue_full", 3)
        tally.add("switch.ingress", 0)
        #expect(tally.byReason == ["switch.queue_full": 5])
    }

    @Test func `a host's losses have its name in front`() {
        var counters = LossCounters()
        counters.socketFull = 1
        counters.damaged = 2
        counters.interfaces = 3
        var tally = DropTally()
        tally.add(counters, of: "server", probes: 0)
        counters.damaged = 0
        tally.add(counters, of: "client", probes: 1)
        #expect(
            tally.byReason == [
                "server.socket_full": 1, "server.damaged": 2, "server.interface": 3, "client.socket_full": 1,
                "client.interface": 2,
            ])
    }

    @Test func `frames that the collector could not use are listed by its own reasons`() {
        var pipeline = JourneyPipeline()
        // Another level's frame, and one without telemetry, which is not a loss.
        var frame = Frames.roundTrip(1)
        frame[14] = 9
        for bytes in [frame, [UInt8](repeating: 0, count: 60)] {
            pipeline.ingest(bytes.span, FrameInfo(time: 0, originalLength: bytes.count))
        }
        var tally = DropTally()
        tally.add(pipeline.view.counts, lostFrames: 4)
        #expect(tally.byReason == ["collector.unknown_level": 1, "collector.lostFrames": 4])
    }
}
