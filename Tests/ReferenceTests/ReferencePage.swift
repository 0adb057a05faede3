// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A page of docs/ with parts that the code determines, each between `<!-- generated: NAME -->` and `<!-- end -->`.
struct ReferencePage {
    static let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    let name: String

    init(_ name: String) { self.name = name }

    private var url: URL { Self.project.appending(path: "docs/reference/\(name).md") }
    private var text: String { get throws { try String(contentsOf: url, encoding: .utf8) } }

    /// The part's lines without the markers.
    func block(_ part: String) throws -> [String] {
        let lines = try text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let start = try #require(
            lines.firstIndex(of: "<!-- generated: \(part) -->"), "\(name).md has no part '\(part)'")
        let end = try #require(lines[start...].firstIndex(of: "<!-- end -->"))
        return Array(lines[(start + 1)..<end])
    }

    /// Fails if the part differs from what the code says, or rewrites it if UPDATE_GOLDENS is set.
    func expect(_ part: String, _ lines: [String]) throws {
        let found = try block(part)
        guard found != lines else { return }
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] != nil {
            let start = "<!-- generated: \(part) -->\n"
            let old = start + found.map { $0 + "\n" }.joined() + "<!-- end -->"
            let new = start + lines.map { $0 + "\n" }.joined() + "<!-- end -->"
            try text.replacing(old, with: new).write(to: url, atomically: true, encoding: .utf8)
            return
        }
        let missing = lines.filter { !found.contains($0) }
        let surplus = found.filter { !lines.contains($0) }
        Issue.record(
            """
            docs/reference/\(name).md, '\(part)', differs from the code; UPDATE_GOLDENS=1 swift test --filter ReferenceTests \
            rewrites it. Expected and missing: \(missing). Not expected: \(surplus).
            """)
    }

    /// What the page says of each name in a table whose first column has the names between backquotes.
    func meanings(_ part: String) throws -> [String: String] {
        var result: [String: String] = [:]
        for line in try block(part) where line.hasPrefix("| `") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            if let name = cells.first, let meaning = cells.dropFirst().last {
                result[name.trimmingCharacters(in: CharacterSet(charactersIn: "`"))] = meaning
            }
        }
        return result
    }

    /// A table of names that the code determines; their meanings are those that the page has already. A name without a
    /// meaning is an error: somebody must write it.
    func table(of names: [String], heading: String, in part: String) throws -> [String] {
        let known = try meanings(part)
        for name in names {
            #expect(
                known[name].map { !$0.isEmpty } ?? false, "write in docs/reference/\(self.name).md what '\(name)' is")
        }
        return ["| \(heading) | is |", "|---|---|"] + names.map { "| `\($0)` | \(known[$0] ?? "") |" }
    }
}
