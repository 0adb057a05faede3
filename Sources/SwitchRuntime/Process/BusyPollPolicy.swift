// SPDX-License-Identifier: Apache-2.0

/// Adaptive busy polling: whether a switch that has nothing to do looks at its rings again and again for the next
/// frame instead of sleeping, and for how long.
///
/// Falling asleep and being woken takes as long as a dozen frames' work, so a switch whose next frame came soon the last
/// times polls for a little. It sleeps at once when frames come rarely, so that an idle switch costs nothing, and after
/// it was preempted while it polled, because other processes then need the processor more.
struct BusyPollPolicy {
    /// The longest busy poll in nanoseconds; about what falling asleep and being woken takes.
    static let spinLimit: UInt64 = 20_000
    /// A sleeper notices a frame this many nanoseconds after it came.
    private static let wakeUpTime: UInt64 = 15_000
    /// Two consecutive readings of the clock that are further apart than this many nanoseconds mean a preemption.
    static let preemptionThreshold: UInt64 = 30_000
    /// The bound on `confidence`, in both directions.
    private static let certain = 8
    /// Waits without busy polling after a preemption.
    private static let backoff = 256

    /// How often the next frame came soon of late: busy polling pays while it is above 0.
    private var confidence = 0
    private var waitsToSkip = 0

    /// Nanoseconds to poll now; 0: sleep at once.
    var spin: UInt64 { confidence > 0 && waitsToSkip == 0 ? Self.spinLimit : 0 }

    /// Records the end of a wait: work arrived after `nanoseconds`.
    mutating func recordWork(after nanoseconds: UInt64, slept: Bool) {
        let soon = slept ? Self.spinLimit + Self.wakeUpTime : Self.spinLimit
        confidence = nanoseconds <= soon ? min(confidence + 1, Self.certain) : max(confidence - 2, -Self.certain)
        if waitsToSkip > 0 { waitsToSkip -= 1 }
    }

    /// Records that the thread lost its processor while it polled.
    mutating func recordPreemption() { waitsToSkip = Self.backoff }
}
