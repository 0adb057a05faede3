// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Limits the rate of `log_msg` and `assert` output, because a terminal must not hold up a program that logs each packet.
/// Suppressed lines are counted and reported with the next line.
public final class RateLimitedLog: Sendable {
    private struct State {
        var allowed: Double
        var last: UInt64
        var leftOut = 0
    }

    private let linesPerSecond: Double
    private let burst: Double
    private let now: @Sendable () -> UInt64
    private let write: @Sendable (String) -> Void
    private let state: Mutex<State>

    /// - Parameter burst: lines that may come at once after a silence.
    /// - Parameter now: nanoseconds of a clock that never steps.
    public init(
        linesPerSecond: Double = 20, burst: Double = 100, now: @escaping @Sendable () -> UInt64,
        write: @escaping @Sendable (String) -> Void
    ) {
        self.linesPerSecond = linesPerSecond
        self.burst = burst
        self.now = now
        self.write = write
        state = Mutex(State(allowed: burst, last: now()))
    }

    /// Writes a line, or counts it as left out if there were too many.
    public func line(_ text: String) {
        let time = now()
        let leftOut: Int? = state.withLock { state in
            state.allowed = min(burst, state.allowed + Double(time &- state.last) / 1e9 * linesPerSecond)
            state.last = time
            guard state.allowed >= 1 else {
                state.leftOut += 1
                return nil
            }
            state.allowed -= 1
            defer { state.leftOut = 0 }
            return state.leftOut
        }
        guard let leftOut else { return }
        report(leftOut)
        write(text)
    }

    /// Reports the lines left out since the last one.
    public func finish() {
        report(
            state.withLock { state in
                defer { state.leftOut = 0 }
                return state.leftOut
            })
    }

    private func report(_ leftOut: Int) {
        if leftOut > 0 { write("(\(leftOut) lines of the program left out)") }
    }
}
