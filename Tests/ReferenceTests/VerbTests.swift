// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Commands
import Testing

/// docs/reference/verbs.md has what `--help` prints.
@Suite struct VerbTests {
    private static let columns = 100

    @Test func everyVerbHasItsHelp() throws {
        let lines = Self.section(P4NetIntel.self, named: ["p4netintel"])
        try ReferencePage("verbs").expect("verbs", Array(lines.drop(while: \.isEmpty)))
    }

    /// A heading and the help, then those of all verbs below.
    private static func section(_ command: any ParsableCommand.Type, named words: [String]) -> [String] {
        let help = P4NetIntel.helpMessage(for: command, columns: columns)
        let lines = ["", "## \(words.joined(separator: " "))", "", "```"] + lines(of: help) + ["```"]
        return command.configuration.subcommands.reduce(into: lines) { lines, verb in
            lines += section(verb, named: words + [verb._commandName])
        }
    }

    private static func lines(of help: String) -> [String] {
        var lines = help.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(line.reversed().drop(while: \.isWhitespace).reversed())
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }
}
