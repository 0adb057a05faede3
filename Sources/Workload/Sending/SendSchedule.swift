// SPDX-License-Identifier: Apache-2.0

/// When each request is to leave: *n* at `start` + n / rate, in nanoseconds of CLOCK_MONOTONIC, or in bursts whose
/// requests leave together when the first of them is due.
///
/// Each time is computed from the start, so that no rounding adds up over a long run.
struct SendSchedule {
    let start: UInt64
    private let interval: Double
    private let count: Int
    private let burst: Int
    private var index = 0
    private var ended = false

    init(start: UInt64, rate: Double, duration: Double, burst: Int = 1) {
        self.start = start
        self.burst = burst
        interval = 1e9 / rate
        count = Int((rate * duration).rounded())
    }

    /// When the next one is due; nil when all have left.
    var next: UInt64? {
        ended || index >= count ? nil : start + UInt64(Double(index / burst * burst) * interval)
    }

    mutating func advance() { index += 1 }

    /// No more are to leave.
    mutating func end() { ended = true }
}
