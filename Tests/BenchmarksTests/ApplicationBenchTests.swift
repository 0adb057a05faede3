// SPDX-License-Identifier: Apache-2.0

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
        bench.seconds = 0.1
        let rows = try bench.run()
        #expect(rows.map(\.mode) == ApplicationBench.Mode.allCases.map(\.rawValue))
        for row in rows {
            #expect(row.requestsPerSecond > 0 && row.p50 > 0 && row.p50 <= row.p99, "\(row)")
        }
    }

    @Test func theMedianIsTheMiddle() {
        #expect([Double]().median == 0)
        #expect([3.0, 1, 2].median == 2)
        #expect([4.0, 1, 2, 3].median == 2.5)
    }
}
