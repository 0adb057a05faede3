// SPDX-License-Identifier: Apache-2.0

/// A point in time as the engine's owner reads it: two clocks, because they answer two questions.
public struct Moment: Sendable, Hashable {
    /// A clock that never steps, from any zero: rates and departures are kept by it.
    public var nanoseconds: UInt64
    /// The domain's clock, which programs see in 48-bit timestamps; the engine cuts it to that width.
    public var microseconds: UInt64

    public init(nanoseconds: UInt64, microseconds: UInt64) {
        self.nanoseconds = nanoseconds
        self.microseconds = microseconds
    }

    /// A moment of a clock for both, as tests and scripts use.
    public init(nanoseconds: UInt64) {
        self.init(nanoseconds: nanoseconds, microseconds: nanoseconds / 1000)
    }
}
