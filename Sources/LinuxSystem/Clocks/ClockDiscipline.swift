// SPDX-License-Identifier: Apache-2.0

internal import CLinux

/// The accuracy of the kernel's clock, as the kernel knows it.
public struct ClockDiscipline: Hashable, Sendable {
    /// Whether something (NTP, PTP) keeps the clock right, as it reports to the kernel.
    public var isSynchronised: Bool
    /// Microseconds, the kernel's bound; it grows while nothing disciplines the clock.
    public var maximumErrorMicroseconds: Int64
    /// Seconds that TAI is ahead of UTC; 0 when nobody has set it in the kernel.
    public var taiOffsetSeconds: Int

    /// A state of the clock; units as at the properties.
    public init(isSynchronised: Bool, maximumErrorMicroseconds: Int64, taiOffsetSeconds: Int) {
        self.isSynchronised = isSynchronised
        self.maximumErrorMicroseconds = maximumErrorMicroseconds
        self.taiOffsetSeconds = taiOffsetSeconds
    }

    /// Reads it; asking needs no privilege.
    public static func current() throws(SystemError) -> ClockDiscipline {
        var state = p4ni_clock_state()
        try SystemCall.run("adjtimex") { unsafe p4ni_read_clock_state(&state) }
        return ClockDiscipline(
            isSynchronised: state.synchronised != 0, maximumErrorMicroseconds: state.maximum_error,
            taiOffsetSeconds: Int(state.tai_offset))
    }
}
