// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `PORT=VALUE`, as the switch's options are written.
struct PortValue<Value: PortValueText>: ExpressibleByArgument {
    let port: Int
    let value: Value

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let port = Int(parts[0]), let value = Value(portValue: parts[1]) else { return nil }
        self.port = port
        self.value = value
    }
}

/// What can stand behind `PORT=`.
protocol PortValueText: Sendable {
    init?(portValue text: String)
}

extension String: PortValueText {
    init?(portValue text: String) { self = text }
}

extension Double: PortValueText {
    init?(portValue text: String) {
        guard let number = Double(text), number > 0, number.isFinite else { return nil }
        self = number
    }
}

/// A time with its unit: `100us`, `2.5ms`, `1s`.
struct LinkDelay: PortValueText {
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
