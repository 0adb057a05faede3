// SPDX-License-Identifier: Apache-2.0

import Experiments
import LinuxSystem

/// How far an experiment is, on standard error: a bar rewritten in place on a terminal, else a line a run.
struct ExperimentProgress {
    private static let barWidth = 24

    private let runs: Int
    private let start = DomainClock.monotonicNanoseconds()
    private let inPlace = StandardStream(2).isTerminal

    init(runs: Int) { self.runs = runs }

    func show(_ index: Int, _ settings: [String: Label]) {
        let filled = index * Self.barWidth / max(1, runs)
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.barWidth - filled)
        let what = settings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.text)" }.joined(separator: ", ")
        let line = "[\(bar)] \(index + 1)/\(runs)\(remaining(index))  \(what)"
        Terminal.write(inPlace ? "\r\u{1b}[K" + line.prefix(Terminal.width - 1) : line + "\n", to: 2)
    }

    func finish() {
        if inPlace { Terminal.write("\r\u{1b}[K", to: 2) }
    }

    /// From what the runs so far took.
    private func remaining(_ index: Int) -> String {
        guard index > 0 else { return "" }
        let elapsed = Double(DomainClock.monotonicNanoseconds() - start) / 1e9
        let seconds = Int(elapsed / Double(index) * Double(runs - index))
        return seconds >= 120 ? ", \(seconds / 60) min left" : ", \(seconds) s left"
    }
}
