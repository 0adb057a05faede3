// SPDX-License-Identifier: Apache-2.0

internal import Documents
internal import TelemetryFormats
internal import Journeys
internal import Experiments
internal import TextLayout

/// One case's settings, read as the types that a trial needs. An error names the setting and its location in the file.
struct SettingReader {
    private let labels: [String: Label]

    init(_ labels: [String: Label]) { self.labels = labels }

    func text(_ name: String, default value: String) -> String { labels[name]?.text ?? value }

    /// One of some words; the first is the default.
    func choice(_ name: String, of words: [String]) throws(InputError) -> String {
        guard let label = labels[name] else { return words.first ?? "" }
        guard words.contains(label.text) else {
            throw error(name, label, expected: words.alternatives, NearName.didYouMean(label.text, among: words))
        }
        return label.text
    }

    func number(_ name: String, in range: ClosedRange<Double>, default value: Double) throws(InputError) -> Double {
        guard let label = labels[name] else { return value }
        guard let number = label.number, range.contains(number) else {
            throw error(name, label, expected: "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func integer(_ name: String, in range: ClosedRange<Int>, default value: Int) throws(InputError) -> Int {
        guard let label = labels[name] else { return value }
        guard let number = Int(label.text), range.contains(number) else {
            throw error(name, label, expected: "an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// A level of telemetry; level 2 where the case has none.
    func level(_ name: String, in range: ClosedRange<Int>) throws(InputError) -> Level {
        let number = try integer(name, in: range, default: Int(Level.standard.rawValue))
        // Every number in the range of levels is one.
        return Level(rawValue: UInt8(number)) ?? .standard
    }

    private func error(_ name: String, _ label: Label, expected: String, _ hint: String = "") -> InputError {
        InputError("\(name) must be \(expected), got '\(label.text)'\(hint)", at: label.location)
    }
}
