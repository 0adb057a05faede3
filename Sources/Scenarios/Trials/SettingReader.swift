// SPDX-License-Identifier: Apache-2.0

internal import Experiments

/// One case's settings, read as the types that a trial needs. An error names the setting.
struct SettingReader {
    private let labels: [String: Label]

    init(_ labels: [String: Label]) { self.labels = labels }

    func text(_ name: String, default value: String) -> String { labels[name]?.text ?? value }

    /// One of several words; the first is the default.
    func choice(_ name: String, of words: [String]) throws -> String {
        guard let label = labels[name] else { return words.first ?? "" }
        guard words.contains(label.text) else {
            throw ScenarioError(
                "setting '\(name)' must be one of \(words.joined(separator: ", ")), got '\(label.text)'")
        }
        return label.text
    }

    func number(_ name: String, in range: ClosedRange<Double>, default value: Double) throws -> Double {
        guard let label = labels[name] else { return value }
        guard let number = label.number, range.contains(number) else {
            throw ScenarioError(
                "setting '\(name)' must be a number from \(range.lowerBound) to \(range.upperBound), got '\(label.text)'"
            )
        }
        return number
    }

    func integer(_ name: String, in range: ClosedRange<Int>, default value: Int) throws -> Int {
        guard let label = labels[name] else { return value }
        guard let number = Int(label.text), range.contains(number) else {
            throw ScenarioError(
                "setting '\(name)' must be a whole number from \(range.lowerBound) to \(range.upperBound), got '\(label.text)'"
            )
        }
        return number
    }
}
