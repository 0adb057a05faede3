// SPDX-License-Identifier: Apache-2.0

internal import TextLayout

/// One message about the source, with the notes that explain it.
struct Diagnostic: Hashable, Sendable {
    enum Severity: String, Hashable, Sendable {
        case error, warning
    }

    /// A second place that belongs to the message, e.g. the earlier declaration of a name.
    struct Note: Hashable, Sendable {
        let message: String
        let range: SourceRange

        init(_ message: String, at range: SourceRange) {
            self.message = message
            self.range = range
        }
    }

    let severity: Severity
    let message: String
    let range: SourceRange
    let notes: [Note]
}

/// Collects what every pass has to say; no pass throws, and the driver decides whether to go on.
///
/// The same message at the same place is kept once. After `errorLimit` errors further ones are only counted.
final class Diagnostics {
    let sources: SourceManager
    let errorLimit: Int
    private(set) var all: [Diagnostic] = []
    private(set) var errorCount = 0
    private(set) var warningCount = 0
    private var seen: Set<Diagnostic> = []

    init(sources: SourceManager = SourceManager(), errorLimit: Int = 50) {
        self.sources = sources
        self.errorLimit = errorLimit
    }

    var hasErrors: Bool { errorCount > 0 }
    /// True when passes should stop, because `errorLimit` is reached.
    var isFull: Bool { errorCount >= errorLimit }

    func error(_ message: String, at range: SourceRange, notes: [Diagnostic.Note] = []) {
        add(Diagnostic(severity: .error, message: message, range: range, notes: notes))
    }

    func warning(_ message: String, at range: SourceRange, notes: [Diagnostic.Note] = []) {
        add(Diagnostic(severity: .warning, message: message, range: range, notes: notes))
    }

    private func add(_ diagnostic: Diagnostic) {
        let diagnostic = shown(diagnostic)
        guard seen.insert(diagnostic).inserted else { return }
        switch diagnostic.severity {
        case .error:
            errorCount += 1
            if errorCount > errorLimit { return }
        case .warning:
            warningCount += 1
        }
        all.append(diagnostic)
    }

    /// A message may repeat text of its file: of a file whose text is not to be shown only the place remains.
    private func shown(_ diagnostic: Diagnostic) -> Diagnostic {
        guard !sources.file(diagnostic.range.file).isShown else { return diagnostic }
        return Diagnostic(
            severity: diagnostic.severity,
            message: "error in a file outside the program's folders, whose text is not shown (-I adds a folder)",
            range: diagnostic.range, notes: [])
    }

    /// By file, then by place; messages at one place stay in the order they were found.
    var sorted: [Diagnostic] {
        all.enumerated()
            .sorted {
                ($0.element.range.file, $0.element.range.start, $0.offset)
                    < ($1.element.range.file, $1.element.range.start, $1.offset)
            }
            .map(\.element)
    }

    /// Everything as text for a terminal or log, ending with a line feed; empty when there is nothing to say.
    func rendered(_ style: TextStyle = .plain) -> String {
        var renderer = DiagnosticRenderer(sources: sources, style: style)
        for diagnostic in sorted { renderer.append(diagnostic) }
        if errorCount > errorLimit {
            renderer.append(line: "error: too many errors, only the first \(errorLimit) are shown")
        }
        return renderer.text
    }
}
