// SPDX-License-Identifier: Apache-2.0

internal import TextLayout

/// Writes diagnostics as `file:line:column: error: message`, the source line, and a caret with `~` under the range.
///
/// Of long messages and lines only a part is shown: a source may be one line of megabytes.
struct DiagnosticRenderer {
    /// Characters of a message, and bytes of a line before the caret and in all.
    private static let longestMessage = 400
    private static let bytesBeforeCaret = 100
    private static let longestExcerpt = 160

    let sources: SourceManager
    let style: TextStyle
    private(set) var text = ""
    private var lastIncludeChain: SourceRange?

    init(sources: SourceManager, style: TextStyle) {
        self.sources = sources
        self.style = style
    }

    mutating func append(line: String) {
        text += line + "\n"
    }

    mutating func append(_ diagnostic: Diagnostic) {
        appendIncludeChain(of: diagnostic.range)
        switch diagnostic.severity {
        case .error: append("error", .red, diagnostic.message, at: diagnostic.range)
        case .warning: append("warning", .magenta, diagnostic.message, at: diagnostic.range)
        }
        for note in diagnostic.notes { append("note", .cyan, note.message, at: note.range) }
    }

    /// Names the `#include` lines that led to the file, once for consecutive messages about the same file.
    private mutating func appendIncludeChain(of range: SourceRange) {
        let includer = sources.file(range.file).includedFrom
        defer { lastIncludeChain = includer }
        guard includer != lastIncludeChain else { return }
        var next = includer
        while let place = next {
            let shown = sources.place(of: place)
            append(line: "in file included from \(shown.file):\(shown.line):")
            next = sources.file(place.file).includedFrom
        }
    }

    private mutating func append(_ label: String, _ ink: Ink, _ message: String, at range: SourceRange) {
        let place = sources.place(of: range)
        let head = style.paint("\(place.file):\(place.line):\(place.column):", .bold)
        append(line: "\(head) \(style.paint(label + ":", .bold, ink)) \(Self.clip(message.visible))")
        appendExcerpt(of: range)
    }

    private mutating func appendExcerpt(of range: SourceRange) {
        let file = sources.file(range.file)
        guard file.isShown else { return }
        let start = min(Int(range.start), file.bytes.count)
        let index = file.lineIndex(at: start)
        let full = file.line(index)
        guard !full.isEmpty else { return }
        let caret = min(start, full.endIndex)
        let line = Self.clip(full, around: caret)
        let end = min(max(Int(range.end), caret + 1), max(line.endIndex, caret + 1))
        let (before, after) = (line.startIndex > full.startIndex, line.endIndex < full.endIndex)
        append(line: "    " + (before ? "…" : "") + Self.visible(line) + (after ? "…" : ""))
        // Tabs are repeated so that the caret is below its character at any tab width.
        var marks = line[line.startIndex..<caret].filter { $0 & 0xC0 != 0x80 }
            .map { $0 == UInt8(ascii: "\t") ? "\t" : " " }.joined()
        let covered = file.bytes[caret..<max(caret, min(end, line.endIndex))].count { $0 & 0xC0 != 0x80 }
        if before { marks = " " + marks }
        marks += style.paint("^" + String(repeating: "~", count: max(0, covered - 1)), .bold, .green)
        append(line: "    " + marks)
    }

    /// The line, each control character but a tab as `?`, so that the caret stays below its place.
    private static func visible(_ line: ArraySlice<UInt8>) -> String {
        String(decoding: line.map { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7f ? UInt8(ascii: "?") : $0 }, as: UTF8.self)
            .visible
    }

    private static func clip(_ message: String) -> String {
        guard message.utf8.count > longestMessage else { return message }
        return message.prefix(longestMessage) + "…"
    }

    /// The part of a line that holds the caret, in complete characters.
    private static func clip(_ line: ArraySlice<UInt8>, around caret: Int) -> ArraySlice<UInt8> {
        guard line.count > longestExcerpt else { return line }
        func isInsideCharacter(_ at: Int) -> Bool { at < line.endIndex && line[at] & 0xC0 == 0x80 }
        var start = max(line.startIndex, caret - bytesBeforeCaret)
        while start > line.startIndex, isInsideCharacter(start) { start -= 1 }
        var end = min(line.endIndex, start + longestExcerpt)
        while end > start, isInsideCharacter(end) { end -= 1 }
        return line[start..<end]
    }
}
