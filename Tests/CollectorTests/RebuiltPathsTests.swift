// SPDX-License-Identifier: Apache-2.0

import Addresses
import Collector
import Journeys
import TelemetryFormats
import Testing
import Wire

/// Level 6: many packets, each with one hop's record, make up the statistics of a complete path.
@Suite struct RebuiltPathsTests {
    static let way: [SwitchID] = [1, 2, 3, 3, 2, 1]

    @Test func `statistics are in the order of travel, whatever the order in which hops were reported`() {
        var pipeline = JourneyPipeline()
        for (number, position) in [4, 6, 1, 3, 5, 2, 4, 1].enumerated() {
            pipeline.ingest(frame(position, UInt32(number)).encoded(), at: UInt64(number))
        }
        let names = pipeline.view.statistics.rows.map { $0.kind.name() }
        #expect(
            names == [
                "switch s1 out", "switch s2 out", "switch s3 out", "server host", "switch s3 back", "switch s2 back",
                "switch s1 back",
            ])
        #expect(pipeline.view.statistics.rows.map(\.count) == [2, 1, 1, 8, 2, 1, 1])
        // Latencies of 10 us times the position, within the code's accuracy.
        let latencies = pipeline.view.statistics.rows.filter { $0.kind != .host }.map(\.p50.count)
        #expect(latencies == [10, 20, 30, 40, 50, 60].map { LogarithmicCode(of: $0).value * 1000 })
        #expect(pipeline.view.counts.complete == 8)
    }

    @Test func `the summary has the path, and how many packets it takes to see it`() throws {
        var pipeline = JourneyPipeline()
        for position in [1, 2, 4, 5, 6] { pipeline.ingest(frame(position, UInt32(position)).encoded(), at: 0) }
        let lines = Summary(pipeline.view).lines().filter { $0.contains("packets, each reported") }
        let line = try #require(lines.first)
        #expect(line.contains("s1 > s2 > ? > server > s3 > s2 > s1"))
        #expect(line.contains("5 packets, each reported 1 of 6 hops"))
        #expect(line.contains("14.7 on average, after 27 with 95 %"))
        #expect(lines.count == 1)
    }

    @Test func `paths are distinguished by their ends and lengths, and are bounded`() {
        var pipeline = JourneyPipeline()
        for server in 0..<UInt32(RebuiltPaths.maximum + 5) {
            pipeline.ingest(frame(1, server, server: 0x0A01_0000 + server).encoded(), at: 0)
            pipeline.ingest(frame(2, server, server: 0x0A01_0000 + server).encoded(), at: 0)
        }
        #expect(pipeline.view.paths.paths.count == RebuiltPaths.maximum)
        #expect(pipeline.view.paths.leftOut == 10)
        #expect(pipeline.view.paths.paths.values.allSatisfy { $0.packets == 2 })
    }

    private func frame(_ position: Int, _ id: UInt32, server: UInt32 = 0x0A00_0202) -> TelemetryFrame {
        var hop = HopMeasurement(switchID: Self.way[position - 1], enqueueDepth: .exact(0))
        hop.egressPort = 1
        hop.position = UInt8(position)
        hop.latency = .exact(UInt64(10_000 * position))
        let reply = Flow(
            source: .v4(IPv4Address(rawValue: server)), destination: .v4(IPv4Address(rawValue: 0x0A00_0101)),
            ports: Flow.Ports(source: 1234, destination: Port(rawValue: UInt16(50000 + id % 1000))))
        return TelemetryFrame(
            destination: MACAddress(rawValue: 2), source: MACAddress(rawValue: 4), level: .constant, forward: 3,
            hops: [hop], hopsMet: 6,
            host: HostMeasurement(
                ordinal: UInt64(id), duration: 5000, details: HostDetails(hostID: 1, arrival: 1)),
            inner: InnerPacket(flow: reply, requestID: id))
    }
}
