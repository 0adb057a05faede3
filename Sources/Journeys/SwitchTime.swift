// SPDX-License-Identifier: Apache-2.0

/// A time of a switch's clock in microseconds, of which only the lowest `width` bits are known.
///
/// Such times have no order: only the distance between two that lie less than half the range apart means
/// something. Half of 32 bits is 35 minutes, half of 48 bits 4 years.
package struct SwitchTime: Sendable, Hashable {
    package var value: UInt64
    /// 32 or 48.
    package var width: Int

    package init(value: UInt64, width: Int) {
        self.value = value
        self.width = width
    }

    /// A time of the domain's clock, as a switch would tell it.
    package init(nanoseconds: UInt64) {
        self.init(value: nanoseconds / 1000 & 0xFFFF_FFFF_FFFF, width: 48)
    }

    /// Microseconds from `earlier` to this time, negative if it lies before; in the narrower range of the two.
    package func since(_ earlier: SwitchTime) -> Int64 {
        let unused = Int64(64 - min(width, earlier.width))
        let difference = Int64(truncatingIfNeeded: value &- earlier.value)
        // Shifting up and back extends the sign of the highest known bit.
        return (difference << unused) >> unused
    }
}
