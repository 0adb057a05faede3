// SPDX-License-Identifier: Apache-2.0

internal import LinuxSystem

/// Times of the domain's clock as UTC, by the Gregorian calendar.
struct WallClock {
    private let year: UInt64
    private let month: UInt64
    private let day: UInt64
    /// Nanoseconds since midnight.
    private let time: UInt64

    /// - Parameter time: nanoseconds of the domain's clock.
    init(_ time: UInt64) { self.init(realtime: time &- DomainClock.nanoseconds(ofRealtime: 0)) }

    /// - Parameter realtime: nanoseconds since 1970, leap seconds not counted.
    init(realtime: UInt64) {
        let nanosecondsPerDay: UInt64 = 86_400_000_000_000
        time = realtime % nanosecondsPerDay
        // Days since 0000-03-01, so that a leap day ends its year; 400 years have 146,097 days.
        let days = realtime / nanosecondsPerDay + 719_468
        let dayOfEra = days % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        // From March on, months have 30.6 days on average.
        let shifted = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shifted + 2) / 5 + 1
        month = shifted < 10 ? shifted + 3 : shifted - 9
        year = yearOfEra + days / 146_097 * 400 + (month <= 2 ? 1 : 0)
    }

    /// `2026-12-01T11:56:20.123456789+00:00` (RFC 3339).
    var dateTime: String {
        let date = [
            DurationText.zeroFilled(year, 4), DurationText.zeroFilled(month, 2), DurationText.zeroFilled(day, 2),
        ]
        return "\(date.joined(separator: "-"))T\(clock).\(DurationText.zeroFilled(time % 1_000_000_000, 9))+00:00"
    }

    /// `11:56:20.123`, the rest cut off.
    var timeOfDay: String { "\(clock).\(DurationText.zeroFilled(time / 1_000_000 % 1000, 3))" }

    private var clock: String {
        let seconds = time / 1_000_000_000
        return [seconds / 3600, seconds / 60 % 60, seconds % 60].map { DurationText.zeroFilled($0, 2) }.joined(
            separator: ":")
    }
}
