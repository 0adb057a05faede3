// SPDX-License-Identifier: Apache-2.0

import Addresses
import Collector
import Journeys
import TelemetryFormats
import Testing
import Wire

@Suite struct OverheadTests {
    /// What the plan counts beforehand and what the monitor finds afterwards are the same.
    @Test(arguments: Level.allCases, 1...4)
    func `the overhead that is found is the one that was planned`(level: Level, hops: Int) throws {
        var pipeline = JourneyPipeline()
        let bytes = constantLengthFrame(level, hops).encoded(payload: [UInt8](repeating: 0, count: 100))
        pipeline.ingest(bytes, at: 0)
        let packet = 14 + 20 + 8 + 4 + 100
        let planned = Path(hops: hops, packetBytes: packet).overhead(level)
        let found = try #require(pipeline.view.overhead.share)
        #expect(abs(found - planned) < 1e-9)
        #expect(pipeline.view.overhead.linkTraversals == UInt64(2 * hops))
    }

    @Test func `a packet counts with the length in its header, even if its frame was cut`() throws {
        var pipeline = JourneyPipeline()
        let complete = constantLengthFrame(.compact, 2).encoded(payload: [UInt8](repeating: 0, count: 100))
        let cut = Array(complete.dropLast(100))
        pipeline.ingest(cut, at: 0)
        #expect(pipeline.view.overhead.packetBytes == 4 * 146)
        #expect(pipeline.view.overhead.bytesPerTraversal == Double(10 + 16 + (16 + 60) + (22 + 60)) / 4)
    }

    @Test func `without journeys there is no overhead`() {
        let view = JourneyView()
        #expect(view.overhead.share == nil && view.overhead.bytesPerTraversal == nil)
        #expect(Summary(view).lines().count == 1)
    }

    private func constantLengthFrame(_ level: Level, _ hops: Int) -> TelemetryFrame {
        let record = HopMeasurement(switchID: 1, enqueueDepth: level == .discretized ? .classified(.idle) : .exact(0))
        let reply = Flow(
            source: .v4(IPv4Address(rawValue: 0x0A00_0202)), destination: .v4(IPv4Address(rawValue: 0x0A00_0101)),
            ports: Flow.Ports(source: 1234, destination: 50000))
        return TelemetryFrame(
            destination: MACAddress(rawValue: 2), source: MACAddress(rawValue: 4), level: level, forward: UInt8(hops),
            hops: Array(repeating: record, count: 2 * hops),
            host: HostMeasurement(ordinal: 1, duration: 5, details: HostDetails(hostID: 1, arrival: 1)),
            inner: InnerPacket(flow: reply, requestID: 1))
    }
}
