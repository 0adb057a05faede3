// SPDX-License-Identifier: Apache-2.0

import BPF
import LinuxSystem
import Testing
import ThrowawayPlaces
import Workload

@testable import Benchmarks

@Suite(.serialized, .needsRoot) struct ApplicationBenchTests {
    /// That a mode was on is checked by the benchmark itself: it throws if as many replies as should did not carry
    /// telemetry.
    @Test func everyModeOfUDPIsMeasured() throws {
        var bench = ApplicationBench()
        bench.protocols = [.udp]
        bench.rounds = 2
        bench.seconds = 0.3
        let rows = try bench.run()
        // The last, breakdown, only where the kernel takes its programs.
        #expect(Array(rows.map(\.mode).prefix(5)) == ApplicationBench.Mode.allCases.prefix(5).map(\.rawValue))
        for row in rows {
            #expect(row.requestsPerSecond > 0 && row.p50 > 0 && row.p50 <= row.p99, "\(row)")
        }
    }

    @Test func theCostOfARequestIsThatOfAllProgramsByKind() {
        let before = [
            "xdp": ProgramRunTime(count: 10, nanoseconds: 1000), "cgroup_ingress": .init(count: 1, nanoseconds: 7),
        ]
        let after = [
            "xdp": ProgramRunTime(count: 20, nanoseconds: 3000), "egress": .init(count: 10, nanoseconds: 4000),
            "cgroup_ingress": .init(count: 11, nanoseconds: 1007), "tracing_x": .init(count: 20, nanoseconds: 500),
        ]
        let cost = RequestCost(
            .udp, .breakdown, ProgramRuns(from: before, to: after), empty: 50, requests: 10, processorTime: 100_000)
        #expect(cost.interface == 600)
        #expect(cost.breakdown == 150)
        #expect(cost.breakdownRuns == 3)
        // 7,500 ns; 50 empty runs are 2,500 of them.
        #expect(cost.share == 5)
    }

    @Test func theMedianIsTheMiddle() {
        #expect([Double]().median == 0)
        #expect([3.0, 1, 2].median == 2)
        #expect([4.0, 1, 2, 3].median == 2.5)
    }
}
