// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SwitchRuntime

struct WakefulnessTests {
    @Test func aSwitchSleepsUntilFramesHaveComeSoonOneAfterTheOther() {
        var wakefulness = Wakefulness()
        #expect(wakefulness.spin == 0)
        wakefulness.noteWork(after: 30_000, slept: true)
        #expect(wakefulness.spin == Wakefulness.patience, "a sleeper's 30 us are 15 us and being woken")
    }

    @Test func rareFramesPutItToSleepWithinAFewWaits() {
        var wakefulness = Wakefulness()
        for _ in 0..<100 { wakefulness.noteWork(after: 1_000, slept: false) }
        var waits = 0
        while wakefulness.spin > 0, waits < 100 {
            wakefulness.noteWork(after: 1_000_000, slept: true)
            waits += 1
        }
        #expect(waits == 4)
        for _ in 0..<100 { wakefulness.noteWork(after: 1_000_000, slept: true) }
        for _ in 0..<9 { wakefulness.noteWork(after: 1_000, slept: true) }
        #expect(wakefulness.spin > 0, "long idleness is forgotten soon as well")
    }

    @Test func whoIsPushedOffItsProcessorSleepsForAWhile() {
        var wakefulness = Wakefulness()
        for _ in 0..<8 { wakefulness.noteWork(after: 1_000, slept: false) }
        wakefulness.noteInterruption()
        var waits = 0
        while wakefulness.spin == 0, waits < 1000 {
            wakefulness.noteWork(after: 1_000, slept: true)
            waits += 1
        }
        #expect(waits == 256)
    }
}
