// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `PORT=VALUE`, the form of the switch's options.
struct PortValue<Value: PortValueText> {
    let port: Int
    let value: Value

    init(parsing argument: String) throws {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw ValidationError("must be PORT=VALUE, got '\(argument)'") }
        guard let port = Int(parts[0]), (0...510).contains(port) else {
            throw ValidationError("port must be 0 to 510, got '\(parts[0])'")
        }
        guard let value = Value(portValue: parts[1]) else {
            throw ValidationError("value must be \(Value.allowed), got '\(parts[1])'")
        }
        self.port = port
        self.value = value
    }
}

/// A value after `PORT=`.
protocol PortValueText: Sendable {
    /// The allowed values, for an error message.
    static var allowed: String { get }
    init?(portValue text: String)
}

extension String: PortValueText {
    static var allowed: String { "the name of an interface" }
    init?(portValue text: String) { self = text }
}

extension Double: PortValueText {
    static var allowed: String { "a number of Mbit/s greater than 0" }
    init?(portValue text: String) {
        guard let number = Double(text), number > 0, number.isFinite else { return nil }
        self = number
    }
}

/// A time with its unit: `100us`, `2.5ms`, `1s`.
struct LinkDelay: PortValueText {
    static let allowed = "a time of at most 60s with its unit: ns, us, ms or s"
    let nanoseconds: UInt64

    private static let units: [(suffix: String, nanoseconds: Double)] = [
        ("us", 1e3), ("ms", 1e6), ("ns", 1), ("s", 1e9),
    ]

    init?(portValue text: String) {
        for unit in Self.units where text.hasSuffix(unit.suffix) {
            guard let number = Double(text.dropLast(unit.suffix.count)), number >= 0, number * unit.nanoseconds <= 60e9
            else { return nil }
            nanoseconds = UInt64(number * unit.nanoseconds)
            return
        }
        return nil
    }
}
