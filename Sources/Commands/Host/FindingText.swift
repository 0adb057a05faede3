// SPDX-License-Identifier: Apache-2.0

import HostAgent
import TextLayout

/// Findings as aligned text: state, check and fact in a line, then why it matters and what to do.
struct FindingText {
    let width: Int
    let style: TextStyle

    private static let stateColumns = 9

    func page(_ findings: [Finding]) -> String {
        let names = (findings.map(\.check.count).max() ?? 0) + 2
        let counts = Finding.State.allCases.map { state in "\(findings.count { $0.state == state }) \(state.rawValue)" }
        return (findings.flatMap { lines($0, names) } + [counts.joined(separator: ", ")]).joined(separator: "\n")
    }

    private func lines(_ finding: Finding, _ names: Int) -> [String] {
        let margin = Self.stateColumns + names
        let indent = String.blanks(margin)
        let room = max(30, width - margin)
        let head = style.paint(finding.state.rawValue.leftAligned(Self.stateColumns), Self.ink(finding.state))
        let facts = finding.found.wrapped(room)
        var lines = facts.enumerated().map { index, line in
            index == 0 ? head + finding.check.leftAligned(names) + line : indent + line
        }
        lines += finding.reason.wrapped(room).map { indent + style.paint($0, .dim) }
        let advice = finding.advice.isEmpty ? [] : finding.advice.wrapped(room - 3)
        lines += advice.enumerated().map { index, line in indent + (index == 0 ? "-> " : "   ") + line }
        return lines
    }

    private static func ink(_ state: Finding.State) -> Ink {
        switch state {
        case .ok: .green
        case .warning: .yellow
        case .problem: .red
        }
    }
}
