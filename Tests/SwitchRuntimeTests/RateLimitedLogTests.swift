// SPDX-License-Identifier: Apache-2.0

import SwitchRuntime
import Synchronization
import Testing

struct RateLimitedLogTests {
    private final class Desk: Sendable {
        let now = Mutex<UInt64>(5_000_000_000)
        let lines = Mutex<[String]>([])
    }

    @Test func linesBeyondTheRateAreCountedAndTold() {
        let desk = Desk()
        let log = RateLimitedLog(
            linesPerSecond: 2, burst: 3, now: { desk.now.withLock { $0 } },
            write: { line in desk.lines.withLock { $0.append(line) } })
        for number in 0..<10 { log.line("\(number)") }
        #expect(desk.lines.withLock { $0 } == ["0", "1", "2"])
        desk.now.withLock { $0 += 500_000_000 }
        log.line("later")
        log.line("too soon")
        log.finish()
        log.finish()
        #expect(
            desk.lines.withLock { $0 } == [
                "0", "1", "2", "(7 lines of the program left out)", "later", "(1 lines of the program left out)",
            ])
    }

    @Test func silenceIsNotSavedBeyondTheBurst() {
        let desk = Desk()
        let log = RateLimitedLog(
            linesPerSecond: 100, burst: 4, now: { desk.now.withLock { $0 } },
            write: { line in desk.lines.withLock { $0.append(line) } })
        desk.now.withLock { $0 += 60_000_000_000 }
        for number in 0..<10 { log.line("\(number)") }
        #expect(desk.lines.withLock { $0.count } == 4)
    }
}
