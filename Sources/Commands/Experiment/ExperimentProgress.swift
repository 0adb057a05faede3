// SPDX-License-Identifier: Apache-2.0

import Experiments
import LinuxSystem
import TerminalKit

/// How far an experiment is, on standard error: a bar rewritten in place on a terminal, else a line per run.
struct ExperimentProgress {
    private static let barWidth = 24

    private let runs: Int
    private let start = DomainClock.monotonicNanoseconds()
    private var line = ProgressLine.ofSteps

    init(runs: Int) { self.runs = runs }

    mutating func show(_ index: Int, _ settings: [String: Label]) {
        let filled = index * Self.barWidth / max(1, runs)
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.barWidth - filled)
        let what = settings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.text)" }.joined(separator: ", ")
        let text = "[\(bar)] \(index + 1)/\(runs)\(remaining(index))  \(what)"
        line.show(text)
    }

    mutating func finish() { line.finish() }

    /// From what the runs so far took.
    private func remaining(_ index: Int) -> String {
        guard index > 0 else { return "" }
        let elapsed = Double(DomainClock.monotonicNanoseconds() - start) / 1e9
        let seconds = Int(elapsed / Double(index) * Double(runs - index))
        return seconds >= 120 ? ", \(seconds / 60) min left" : ", \(seconds) s left"
    }
}
