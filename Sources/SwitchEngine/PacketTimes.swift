// SPDX-License-Identifier: Apache-2.0

/// The time of a packet's event, by the two clocks that the engine's owner reads.
public struct PacketTimes: Sendable, Hashable {
    /// Nanoseconds of a clock that never steps, from any zero: rates and departures use it.
    public var nanoseconds: UInt64
    /// Microseconds of the domain's clock, which programs see in 48-bit timestamps; the engine cuts it to that width.
    public var microseconds: UInt64

    /// Readings of both clocks, taken at the same instant.
    public init(nanoseconds: UInt64, microseconds: UInt64) {
        self.nanoseconds = nanoseconds
        self.microseconds = microseconds
    }

    /// A reading of one clock that serves as both, as in tests and packet scripts.
    public init(nanoseconds: UInt64) {
        self.init(nanoseconds: nanoseconds, microseconds: nanoseconds / 1000)
    }
}
