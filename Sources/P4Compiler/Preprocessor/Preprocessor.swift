// SPDX-License-Identifier: Apache-2.0

/// Turns a program's file, and all it includes, into the one row of tokens that the parser reads.
///
/// Works on tokens, never on text, so each token still knows where the user wrote it. Directives are carried
/// out as the row is pulled: a macro call may span lines, directives and the ends of included files.
final class Preprocessor {
    /// A file being read.
    struct OpenFile {
        let file: SourceFile
        var lexer: Lexer
        var conditionals = ConditionalStack()
    }

    let source: ProgramSource
    let diagnostics: Diagnostics
    var macros: [String: Macro] = [:]
    var files: [OpenFile] = []
    var includedOnce: Set<String> = []
    /// Files included so far.
    var includeCount = 0
    /// No more files are included; that was reported.
    var hasTooManyFiles = false
    private var lastRange: SourceRange

    private init(source: ProgramSource, main: SourceFile, diagnostics: Diagnostics) {
        self.source = source
        self.diagnostics = diagnostics
        lastRange = SourceRange(file: main.id, start: main.bytes.count, end: main.bytes.count)
    }

    /// All tokens of the program, keywords distinguished from names, and one `.endOfFile` at the end.
    static func run(_ source: ProgramSource, into diagnostics: Diagnostics) -> [Token] {
        let bytes = source.loader(source.file)
        let main = diagnostics.sources.add(name: source.file, bytes: bytes ?? [])
        let preprocessor = Preprocessor(source: source, main: main, diagnostics: diagnostics)
        if bytes == nil {
            let reason = source.reasonUnread(source.file).map { ": \($0)" } ?? ""
            diagnostics.error("cannot read the file '\(source.file)'\(reason)", at: preprocessor.lastRange)
        }
        preprocessor.predefine()
        preprocessor.open(main)
        return preprocessor.expandAll() + [Token(kind: .endOfFile, text: "", range: preprocessor.lastRange)]
    }

    private func predefine() {
        // The version of the language's reference compiler whose dialect this is; programs test for these names.
        let version = ["__p4c__=1", "__p4c_major__=1", "__p4c_minor__=2", "__p4c_patchlevel__=4", "__TARGET_BMV2__=1"]
        let lines = (version + ["__p4c_version__=\"1.2.4\""] + source.defines).map { definition in
            let parts = definition.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return "#define \(parts[0]) \(parts.count > 1 ? String(parts[1]) : "1")"
        }
        let text = (lines + source.undefines.map { "#undef \($0)" }).map { $0 + "\n" }.joined()
        let file = diagnostics.sources.add(name: "<command line>", bytes: Array(text.utf8))
        open(file)
        while nextUnexpanded() != nil {}
        let place = SourceRange(file: file.id, start: 0, end: 0)
        for (name, content) in [("__FILE__", Macro.Content.file), ("__LINE__", .line)] {
            macros[name] = Macro(name: Name(name, at: place), parameters: nil, isVariadic: false, content: content)
        }
    }

    func open(_ file: SourceFile) {
        files.append(OpenFile(file: file, lexer: Lexer(file: file, diagnostics: diagnostics)))
    }

    private func expandAll() -> [Token] {
        let expander = MacroExpander(preprocessor: self)
        var tokens: [Token] = []
        while var token = expander.next() {
            if token.kind == .unknown { continue }
            if token.kind == .hash || token.kind == .hashHash, !isInvalidHeaderMark(after: tokens) {
                diagnostics.error("unexpected \(token.described): directives begin their line", at: token.range)
                continue
            }
            if token.kind == .identifier, let keyword = TokenKind.keywords[token.text] { token.kind = keyword }
            tokens.append(token)
        }
        return tokens
    }

    /// `#` belongs to the language in `{#}` alone.
    private func isInvalidHeaderMark(after tokens: [Token]) -> Bool { tokens.last?.kind == .leftBrace }

    /// The next token of the files, directives carried out and macros not yet expanded; nil when all are read.
    func nextUnexpanded() -> Token? {
        while !files.isEmpty {
            let top = files.count - 1
            files[top].lexer.isQuiet = !files[top].conditionals.isActive
            files[top].lexer.stringsSpanLines = files[top].conditionals.isActive
            let token = files[top].lexer.next()
            switch token.kind {
            case .newline: continue
            case .endOfFile:
                files[top].conditionals.reportOpenGroups(to: diagnostics)
                files.removeLast()
            case .hash where token.isFirstOnLine:
                directive(after: token)
            default:
                if files[top].conditionals.isActive { return token }
            }
        }
        return nil
    }

    /// The rest of the current line.
    func restOfLine(isQuiet: Bool = false) -> [Token] {
        let top = files.count - 1
        files[top].lexer.isQuiet = isQuiet
        var line: [Token] = []
        while true {
            let token = files[top].lexer.next()
            if token.kind == .newline || token.kind == .endOfFile { return line }
            line.append(token)
        }
    }
}
