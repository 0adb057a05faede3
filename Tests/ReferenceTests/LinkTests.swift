// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Links between pages lead somewhere, and lines fit a terminal.
@Suite struct LinkTests {
    private static let width = 130

    @Test(arguments: try pages()) func everyLinkLeadsToAPageAndASection(_ page: String) throws {
        let text = try Self.text(of: page)
        for match in text.matches(of: #/\]\((?<path>[^)#\s]*)(?:#(?<section>[^)\s]*))?\)/#)
        where !match.path.hasPrefix("http") {
            let folder = ReferencePage.project.appending(path: page).deletingLastPathComponent()
            let target =
                match.path.isEmpty
                ? ReferencePage.project.appending(path: page) : folder.appending(path: String(match.path))
            #expect(FileManager.default.fileExists(atPath: target.path), "\(page): no \(match.path)")
            guard let section = match.section, !section.isEmpty, target.pathExtension == "md" else { continue }
            let sections = Self.sections(of: try String(contentsOf: target, encoding: .utf8))
            #expect(sections.contains(String(section)), "\(page): no section \(section) in \(target.lastPathComponent)")
        }
    }

    /// Tables have a line per row, and the page of the verbs has its own width.
    @Test(arguments: try pages().filter { !$0.hasSuffix("verbs.md") }) func linesAreShort(_ page: String) throws {
        for line in try Self.text(of: page).split(separator: "\n") where !line.hasPrefix("|") {
            #expect(line.count <= Self.width, "\(page): \(line)")
        }
    }

    private static func pages() throws -> [String] {
        let found = try FileManager.default.subpathsOfDirectory(atPath: ReferencePage.project.path + "/docs")
        return ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
            + found.filter { $0.hasSuffix(".md") }.sorted().map { "docs/" + $0 }
    }

    private static func text(of page: String) throws -> String {
        try String(contentsOf: ReferencePage.project.appending(path: page), encoding: .utf8)
    }

    /// What GitHub makes of headings: lower case, blanks as hyphens, no punctuation.
    private static func sections(of page: String) -> Set<String> {
        var isFenced = false
        var sections: Set<String> = []
        for line in page.split(separator: "\n") {
            if line.hasPrefix("```") { isFenced.toggle() }
            guard !isFenced, line.hasPrefix("#") else { continue }
            let title = line.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces).lowercased()
            sections.insert(
                String(
                    title.compactMap { character in
                        character == " "
                            ? "-"
                            : character.isLetter || character.isNumber || "-_".contains(character) ? character : nil
                    }))
        }
        return sections
    }
}
