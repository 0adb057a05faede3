// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Commands
import Foundation
import Testing

/// Every command line of the documentation is one that the binary accepts. Nothing is run.
@Suite struct CommandLineTests {
    @Test(arguments: try pages()) func everyCommandLineIsAccepted(_ page: String) throws {
        for line in try Self.codeLines(of: page) {
            for words in Self.commands(in: line.text) {
                let refusal = Self.refusal(of: words)
                // In a sentence a verb may be named without all that it needs.
                let isNamedOnly = !line.isBlock && refusal?.hasPrefix("Error: Unknown option") == false
                #expect(refusal == nil || isNamedOnly, "\(page): \(line.text)\n\(refusal ?? "")")
            }
        }
    }

    @Test func thePagesHaveCommandLines() throws {
        let lines = try Self.pages().flatMap { try Self.codeLines(of: $0).flatMap { Self.commands(in: $0.text) } }
        #expect(lines.count > 100)
    }

    /// What the binary says of words that it does not accept.
    private static func refusal(of words: [String]) -> String? {
        do {
            _ = try P4NetIntel.parseAsRoot(words)
            return nil
        } catch {
            return P4NetIntel.exitCode(for: error) == .success ? nil : P4NetIntel.fullMessage(for: error)
        }
    }

    /// README.md, CONTRIBUTING.md and everything in docs/ but the page of the verbs, whose lines show the syntax.
    private static func pages() throws -> [String] {
        let found = try FileManager.default.subpathsOfDirectory(atPath: ReferencePage.project.path + "/docs")
        return ["README.md", "CONTRIBUTING.md"]
            + found.filter { $0.hasSuffix(".md") && $0 != "reference/verbs.md" }.sorted().map { "docs/" + $0 }
    }

    private struct CodeLine {
        let text: String
        /// Of a block, and not within a sentence or a table.
        let isBlock: Bool
    }

    /// Lines of code blocks, indented or fenced, and code within lines of text.
    private static func codeLines(of page: String) throws -> [CodeLine] {
        let text = try String(contentsOf: ReferencePage.project.appending(path: page), encoding: .utf8)
        var lines: [CodeLine] = []
        var isFenced = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isFenced.toggle()
            } else if isFenced || line.hasPrefix("    ") {
                lines.append(CodeLine(text: line.trimmingCharacters(in: .whitespaces), isBlock: true))
            } else {
                lines += line.matches(of: #/`(p4netintel [^`]+)`/#).map { CodeLine(text: String($0.1), isBlock: false) }
            }
        }
        return lines
    }

    /// The arguments of every call of p4netintel in a line: the line itself, or what another command runs in a lab's node
    /// or a namespace. Lines that show a syntax (`…`, `[`, words in capitals) are not commands.
    private static func commands(in line: String) -> [[String]] {
        guard let words = shellWords(line), !words.contains(where: isPlaceholder) else { return [] }
        return words.indices.filter { words[$0] == "p4netintel" && (words.startIndex == $0 || isRunner(words[..<$0])) }
            .map { Array(words[($0 + 1)...]) }.filter { !$0.isEmpty }
    }

    private static func isRunner(_ words: ArraySlice<String>) -> Bool {
        ["h1", "h2", "h4", "sudo", "ip", "nsenter", "p4netintel"].contains(words.first ?? "")
    }

    private static func isPlaceholder(_ word: String) -> Bool {
        word.contains("…") || word.hasPrefix("[") || word.contains("IF")
            || (word.count > 1 && word.allSatisfy { $0.isUppercase || $0 == "/" || $0 == "," })
    }

    /// Words as a shell splits them, up to a redirection, a pipe, a `&`, `;` or a comment; nil if a quote is not closed.
    private static func shellWords(_ line: String) -> [String]? {
        var words: [String] = []
        var word = ""
        var quote: Character?
        var isWord = false
        for character in line {
            if let open = quote {
                if character == open { quote = nil } else { word.append(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                isWord = true
            } else if character.isWhitespace || "<>|&;".contains(character) || (character == "#" && !isWord) {
                if isWord { words.append(word) }
                (word, isWord) = ("", false)
                if !character.isWhitespace { return words }
            } else {
                word.append(character)
                isWord = true
            }
        }
        if isWord { words.append(word) }
        return quote == nil ? words : nil
    }
}
