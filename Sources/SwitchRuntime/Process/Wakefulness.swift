// SPDX-License-Identifier: Apache-2.0

/// Whether a switch that has nothing to do waits awake for the next frame, and for how long.
///
/// To fall asleep and be woken takes as long as a dozen frames' work, so a switch whose next frame came soon the last
/// times stays awake a little. It goes to sleep at once when frames come rarely, so that idle costs nothing; and when
/// it was pushed off its processor while it waited, for others then need the processor more.
struct Wakefulness {
    /// The longest wait awake, in nanoseconds; about what falling asleep and being woken takes.
    static let patience: UInt64 = 20_000
    /// A sleeper notices a frame so much later than it came.
    private static let wakingUp: UInt64 = 15_000
    /// Two looks at the clock further apart than this were not one after the other.
    static let interruption: UInt64 = 30_000
    private static let certain = 8
    /// Waits that begin asleep after an interruption.
    private static let rest = 256

    /// How often the next frame came soon of late: above 0 waiting awake pays.
    private var confidence = 0
    private var resting = 0

    /// Nanoseconds to wait awake now; 0: sleep at once.
    var spin: UInt64 { confidence > 0 && resting == 0 ? Self.patience : 0 }

    /// The wait is over: something came after so many nanoseconds.
    mutating func noteWork(after nanoseconds: UInt64, slept: Bool) {
        let soon = slept ? Self.patience + Self.wakingUp : Self.patience
        confidence = nanoseconds <= soon ? min(confidence + 1, Self.certain) : max(confidence - 2, -Self.certain)
        if resting > 0 { resting -= 1 }
    }

    mutating func noteInterruption() { resting = Self.rest }
}
