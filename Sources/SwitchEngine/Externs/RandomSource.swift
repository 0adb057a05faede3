// SPDX-License-Identifier: Apache-2.0

/// A small generator (splitmix64) for `random`: repeatable from its seed, of no use as a secret.
struct RandomSource: Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state = state &+ 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed &>> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed &>> 31)
    }

    /// Uniform in `low ... high`; `low` may not exceed `high`.
    mutating func next(from low: UInt64, through high: UInt64) -> UInt64 {
        let span = high &- low
        guard span < .max else { return next() }
        return low &+ next().multipliedFullWidth(by: span &+ 1).high
    }
}
