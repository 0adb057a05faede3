// SPDX-License-Identifier: Apache-2.0

/// What a link does to each frame, in either direction.
public struct LinkQuality: Equatable, Sendable {
    /// Added to each frame, in microseconds, up to a minute.
    public let delayMicroseconds: Int
    /// nil: unlimited.
    public let bandwidthMegabits: Double?

    /// A link without delay and limit, or with either.
    public init(delayMicroseconds: Int = 0, bandwidthMegabits: Double? = nil) {
        self.delayMicroseconds = delayMicroseconds
        self.bandwidthMegabits = bandwidthMegabits
    }

    /// The longest delay, in microseconds: a minute, as `switch --delay` has it. A longer one is a mistake in the unit.
    static let longestDelay = 60.0 * 1e6

    /// Microseconds of `10ms`, `0.5ms`, `100us`, `1s`; a number without a unit is microseconds, as for `tc`. nil for any
    /// other text.
    static func microseconds(of text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let scale: Double
        switch text.dropFirst(digits.count) {
        case "", "us", "usec", "usecs": scale = 1
        case "ms", "msec", "msecs": scale = 1e3
        case "s", "sec", "secs": scale = 1e6
        default: return nil
        }
        guard let number = Double(digits) else { return nil }
        return rounded(number * scale)
    }

    /// Microseconds of a number without quotes, which the tutorials take as milliseconds.
    static func microseconds(ofMilliseconds number: Double) -> Int? { rounded(number * 1e3) }

    private static func rounded(_ microseconds: Double) -> Int? {
        guard microseconds >= 0, microseconds <= longestDelay else { return nil }
        return Int(microseconds.rounded())
    }
}
