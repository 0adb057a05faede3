// SPDX-License-Identifier: Apache-2.0

internal import Journeys

/// Times as text. Integer arithmetic, so that the digits are those of the value.
enum DurationText {
    /// Microseconds with one decimal, rounded half up.
    static func microseconds(_ time: Nanoseconds) -> String {
        let tenths = (time + 50).count / 100
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// Microseconds, without decimals for a multiple of 1 us, as from a clock of microseconds; else with three.
    static func shortMicroseconds(_ time: Nanoseconds) -> String {
        let rest = time.count % 1000
        return "\(time.count / 1000)" + (rest == 0 ? "" : "." + zeroFilled(rest, 3))
    }

    /// Seconds with nine decimals.
    static func seconds(_ nanoseconds: UInt64) -> String {
        "\(nanoseconds / 1_000_000_000)." + zeroFilled(nanoseconds % 1_000_000_000, 9)
    }

    /// At least this many digits.
    static func zeroFilled(_ value: UInt64, _ digits: Int) -> String {
        let text = "\(value)"
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
