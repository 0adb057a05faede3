// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SwitchRuntime

struct BusyPollPolicyTests {
    @Test func aSwitchSleepsUntilFramesHaveComeSoonOneAfterTheOther() {
        var polling = BusyPollPolicy()
        #expect(polling.spin == 0)
        polling.recordWork(after: 30_000, slept: true)
        #expect(polling.spin == BusyPollPolicy.spinLimit, "a sleeper's 30 us are 15 us and the wake-up")
    }

    @Test func rareFramesPutItToSleepWithinAFewWaits() {
        var polling = BusyPollPolicy()
        for _ in 0..<100 { polling.recordWork(after: 1_000, slept: false) }
        var waits = 0
        while polling.spin > 0, waits < 100 {
            polling.recordWork(after: 1_000_000, slept: true)
            waits += 1
        }
        #expect(waits == 4)
        for _ in 0..<100 { polling.recordWork(after: 1_000_000, slept: true) }
        for _ in 0..<9 { polling.recordWork(after: 1_000, slept: true) }
        #expect(polling.spin > 0, "long idleness is forgotten soon as well")
    }

    @Test func aPreemptedSwitchSleepsForAWhile() {
        var polling = BusyPollPolicy()
        for _ in 0..<8 { polling.recordWork(after: 1_000, slept: false) }
        polling.recordPreemption()
        var waits = 0
        while polling.spin == 0, waits < 1000 {
            polling.recordWork(after: 1_000, slept: true)
            waits += 1
        }
        #expect(waits == 256)
    }
}
