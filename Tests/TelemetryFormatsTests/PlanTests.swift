// SPDX-License-Identifier: Apache-2.0

import TelemetryFormats
import Testing

@Suite("Plans")
struct PlanTests {
    @Test("overhead is what the links carry: a record more behind every switch, the host's on the way back")
    func overhead() {
        let path = Path(hops: 2, packetBytes: 100)
        // Level 1: 4 + 9, 4 + 18 | 4 + 18 + host, 4 + 27 + host.
        let host = path.mostTelemetry(.minimal) - 4 - 4 * 9
        #expect(path.overhead(.minimal) == Double(13 + 22 + 22 + 31 + 2 * host) / 400)
    }

    @Test("the budget holds, and the sampling is not sparser than it asks for", arguments: [0.001, 0.01, 0.2, 5])
    func budget(_ budget: Double) {
        let path = Path(hops: 7, packetBytes: 300)
        for plan in TelemetryPlan.all(on: path, rate: 1e6, budget: budget, mtu: 9000) {
            #expect(plan.overhead <= budget)
            #expect(plan.sampling == 1 || path.overhead(plan.level) / Double(plan.sampling - 1) > budget)
        }
    }

    @Test("a level whose longest frame passes the MTU is not chosen")
    func headRoom() throws {
        let plans = TelemetryPlan.all(on: Path(hops: 9, packetBytes: 1000), rate: 1e6, budget: 0.01, mtu: 1500)
        let full = try #require(plans.first { $0.level == .full })
        #expect(full.headRoom < 0)
        let best = try #require(TelemetryPlan.best(of: plans, rankError: 0.5))
        #expect(best.headRoom >= 0)
    }

    @Test("the rank error of p99 is that of a binomial quantile")
    func rankError() throws {
        let plans = TelemetryPlan.all(on: Path(hops: 1, packetBytes: 1000), rate: 10_000, budget: 10, mtu: 9000)
        let full = try #require(plans.first { $0.level == .full })
        #expect(full.samplesPerSecond == 10_000)
        #expect(abs(full.rankError - 0.195) < 0.001)
    }
}
