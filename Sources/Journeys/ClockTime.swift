// SPDX-License-Identifier: Apache-2.0

/// A time of a clock that counts in steps of `resolution`; only its lowest `width` bits are known.
///
/// Such times have no order: only the difference of two that lie less than half the range apart has a meaning. Half the
/// range of 32 bits of microseconds is 35 minutes, of 48 bits 4 years.
public struct ClockTime: Sendable, Hashable {
    /// Steps of the clock, modulo 2^`width`. Private: only the operations of this type are right for any value.
    private let ticks: UInt64
    /// Nanoseconds per step.
    public let resolution: UInt32
    /// Bits, from 1 to 64.
    public let width: UInt8

    /// Bits of `ticks` above `width` are dropped.
    public init(ticks: UInt64, width: Int, resolution: UInt32) {
        let bits = min(max(width, 1), 64)
        self.ticks = ticks & (.max >> UInt64(64 - bits))
        self.width = UInt8(bits)
        self.resolution = max(resolution, 1)
    }

    /// A time of the domain's clock, which does not wrap.
    public static func nanoseconds(_ time: UInt64) -> ClockTime { ClockTime(ticks: time, width: 64, resolution: 1) }

    /// A time of a clock of microseconds.
    public static func microseconds(_ time: UInt64, width: Int = 48) -> ClockTime {
        ClockTime(ticks: time, width: width, resolution: 1000)
    }

    /// The time as its clock shows it, in whole microseconds; the largest number if there are more.
    public var microseconds: UInt64 {
        let time = ticks.multipliedFullWidth(by: UInt64(resolution))
        return time.high < 1000 ? (1000 as UInt64).dividingFullWidth(time).quotient : .max
    }

    /// Nanoseconds from `earlier` to this time, negative if this time is before it: in the narrower range of the two, with
    /// both cut to the coarser resolution.
    public func since(_ earlier: ClockTime) -> Int64 {
        // Mostly both are times of one kind of clock, whose range in nanoseconds needs at most 63 bits.
        if width == earlier.width, resolution == earlier.resolution, width <= 48, resolution <= 1 << 15 {
            let unused = 64 - Int64(width)
            let ticks = Int64(truncatingIfNeeded: ticks &- earlier.ticks)
            // Shifting up and back extends the sign of the highest known bit.
            return ((ticks << unused) >> unused) * Int64(resolution)
        }
        let step = UInt64(max(resolution, earlier.resolution))
        let (end, begin) = (nanoseconds(cutTo: step), earlier.nanoseconds(cutTo: step))
        guard let range = range.map({ min($0, earlier.range ?? $0) }) ?? earlier.range else {
            return Int64(truncatingIfNeeded: end &- begin)
        }
        let (last, first) = (end % range, begin % range)
        // `range` is at most 2^63, so neither sum wraps.
        let difference = last >= first ? last - first : range - first + last
        return difference < range / 2 ? Int64(difference) : -Int64(range - difference)
    }

    /// The same clock, this many nanoseconds later.
    public func advanced(by nanoseconds: UInt64) -> ClockTime {
        ClockTime(ticks: ticks &+ nanoseconds / UInt64(resolution), width: Int(width), resolution: resolution)
    }

    /// The same clock, this many nanoseconds earlier.
    public func moved(backBy nanoseconds: UInt64) -> ClockTime {
        ClockTime(ticks: ticks &- nanoseconds / UInt64(resolution), width: Int(width), resolution: resolution)
    }

    /// Nanoseconds after which the clock begins again; nil if that is more than 2^63.
    private var range: UInt64? {
        guard width < 64 else { return nil }
        let (range, overflow) = ((1 as UInt64) << UInt64(width)).multipliedReportingOverflow(by: UInt64(resolution))
        return overflow || range > 1 << 63 ? nil : range
    }

    private func nanoseconds(cutTo step: UInt64) -> UInt64 {
        let time = ticks &* UInt64(resolution)
        return time - time % step
    }
}
