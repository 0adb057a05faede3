// SPDX-License-Identifier: Apache-2.0

import HostAgent

/// Findings as aligned text: state, check and fact in a line, then why it matters and what to do.
struct FindingText {
    let width: Int
    let hasColour: Bool

    private static let stateColumns = 9

    func page(_ findings: [Finding]) -> String {
        let names = (findings.map(\.check.count).max() ?? 0) + 2
        let counts = Finding.State.allCases.map { state in "\(findings.count { $0.state == state }) \(state.rawValue)" }
        return (findings.flatMap { lines($0, names) } + [counts.joined(separator: ", ")]).joined(separator: "\n")
    }

    private func lines(_ finding: Finding, _ names: Int) -> [String] {
        let margin = Self.stateColumns + names
        let indent = String(repeating: " ", count: margin)
        let room = max(30, width - margin)
        let head = coloured(Self.padded(finding.state.rawValue, Self.stateColumns), finding.state)
        let facts = Self.wrapped(finding.found, room)
        var lines = facts.enumerated().map { index, line in
            index == 0 ? head + Self.padded(finding.check, names) + line : indent + line
        }
        lines += Self.wrapped(finding.reason, room).map { indent + dimmed($0) }
        let advice = finding.advice.isEmpty ? [] : Self.wrapped(finding.advice, room - 3)
        lines += advice.enumerated().map { index, line in indent + (index == 0 ? "-> " : "   ") + line }
        return lines
    }

    private func coloured(_ text: String, _ state: Finding.State) -> String {
        guard hasColour else { return text }
        switch state {
        case .ok: return "\u{1b}[32m\(text)\u{1b}[0m"
        case .warning: return "\u{1b}[33m\(text)\u{1b}[0m"
        case .problem: return "\u{1b}[31m\(text)\u{1b}[0m"
        }
    }

    private func dimmed(_ text: String) -> String { hasColour ? "\u{1b}[2m\(text)\u{1b}[0m" : text }

    private static func padded(_ text: String, _ columns: Int) -> String {
        text + String(repeating: " ", count: max(1, columns - text.count))
    }

    /// Broken at blanks and line ends; a word longer than a line stays whole.
    static func wrapped(_ text: String, _ columns: Int) -> [String] {
        var lines: [String] = []
        for paragraph in text.split(separator: "\n") {
            var line = ""
            for word in paragraph.split(separator: " ") {
                if !line.isEmpty, line.count + 1 + word.count > columns {
                    lines.append(line)
                    line = ""
                }
                line += (line.isEmpty ? "" : " ") + word
            }
            lines.append(line)
        }
        return lines
    }
}
