// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

extension ValidationError {
    /// Checks the value of an option; nil, an option that was not given, passes.
    /// - Parameter unit: what the range counts, such as ` bytes`.
    /// - Throws: `--hops must be 1 to 20, got 21`.
    static func unless<Value: Comparable>(
        _ option: String, _ value: Value?, isIn range: ClosedRange<Value>, _ unit: String = ""
    ) throws(ValidationError) {
        guard let value, !range.contains(value) else { return }
        throw ValidationError(
            "\(option) must be \(text(range.lowerBound)) to \(text(range.upperBound))\(unit), got \(text(value))")
    }

    /// Checks the value of an option that must be greater than 0.
    /// - Throws: `--rate must be greater than 0 and at most 1000000, got 0`.
    static func unless(
        _ option: String, _ value: Double?, isAboveZeroUpTo most: Double, _ unit: String = ""
    ) throws(ValidationError) {
        guard let value, !(value > 0 && value <= most) else { return }
        throw ValidationError(
            "\(option) must be greater than 0 and at most \(text(most))\(unit), got \(text(value))")
    }

    /// Numbers without a fraction are printed without one.
    private static func text(_ value: some Any) -> String {
        guard let number = value as? Double, let integer = Int(exactly: number) else { return "\(value)" }
        return "\(integer)"
    }
}
