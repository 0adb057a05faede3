// SPDX-License-Identifier: Apache-2.0

internal import TextLayout

/// Writes diagnostics as `file:line:column: error: message`, the source line, and a caret with `~` under the range.
struct DiagnosticRenderer {
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
        append(line: "\(head) \(style.paint(label + ":", .bold, ink)) \(message)")
        appendExcerpt(of: range)
    }

    private mutating func appendExcerpt(of range: SourceRange) {
        let file = sources.file(range.file)
        let start = min(Int(range.start), file.bytes.count)
        let index = file.lineIndex(at: start)
        let line = file.line(index)
        guard !line.isEmpty else { return }
        let caret = min(start, line.endIndex)
        let end = min(max(Int(range.end), caret + 1), max(line.endIndex, caret + 1))
        append(line: "    " + String(decoding: line, as: UTF8.self))
        // Tabs are repeated so that the caret is below its character at any tab width.
        var marks = line[line.startIndex..<caret].filter { $0 & 0xC0 != 0x80 }
            .map { $0 == UInt8(ascii: "\t") ? "\t" : " " }.joined()
        let covered = file.bytes[caret..<max(caret, min(end, line.endIndex))].count { $0 & 0xC0 != 0x80 }
        marks += style.paint("^" + String(repeating: "~", count: max(0, covered - 1)), .bold, .green)
        append(line: "    " + marks)
    }
}
