// SPDX-License-Identifier: Apache-2.0

import Experiments

/// Runs the cases of an experiment.
struct Trials {
    let kind: Experiment.Kind
    let installation: Installation
    /// Becomes readable when the user wants the end.
    let interruption: Int32

    /// What a file may fix or vary.
    static func settings(of kind: Experiment.Kind) -> [String] {
        switch kind {
        case .requests: RequestTrial.settings
        case .sampling: SamplingTrial.settings
        case .host: HostTrial.settings
        }
    }

    func run(_ settings: [String: Label]) throws -> [Row] {
        switch kind {
        case .requests:
            try RequestTrial(SettingReader(settings), installation, interruption: interruption).run()
        case .sampling:
            try SamplingTrial(SettingReader(settings), installation, interruption: interruption).run()
        case .host:
            try HostTrial(SettingReader(settings)).run()
        }
    }
}

/// One case's settings, read as what a trial needs; a wrong one is told by its name.
struct SettingReader {
    private let labels: [String: Label]

    init(_ labels: [String: Label]) { self.labels = labels }

    func text(_ name: String, default value: String) -> String { labels[name]?.text ?? value }

    /// One of some words, of which the first is the default.
    func choice(_ name: String, of words: [String]) throws -> String {
        guard let label = labels[name] else { return words.first ?? "" }
        guard words.contains(label.text) else {
            throw CommandError("setting '\(name)' is one of \(words.joined(separator: ", ")), not '\(label.text)'")
        }
        return label.text
    }

    func number(_ name: String, in range: ClosedRange<Double>, default value: Double) throws -> Double {
        guard let label = labels[name] else { return value }
        guard let number = label.number, range.contains(number) else {
            throw CommandError(
                "setting '\(name)' is a number from \(range.lowerBound) to \(range.upperBound), not '\(label.text)'")
        }
        return number
    }

    func integer(_ name: String, in range: ClosedRange<Int>, default value: Int) throws -> Int {
        guard let label = labels[name] else { return value }
        guard let number = Int(label.text), range.contains(number) else {
            throw CommandError(
                "setting '\(name)' is a whole number from \(range.lowerBound) to \(range.upperBound), not '\(label.text)'"
            )
        }
        return number
    }
}
