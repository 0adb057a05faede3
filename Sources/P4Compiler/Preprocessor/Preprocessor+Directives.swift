// SPDX-License-Identifier: Apache-2.0

extension Preprocessor {
    private var top: Int { files.count - 1 }

    /// Carries out the directive whose `#` was just read, to the end of its line.
    func directive(after hash: Token) {
        files[top].lexer.isQuiet = true
        files[top].lexer.stringsSpanLines = false
        let token = files[top].lexer.next()
        guard token.kind != .newline, token.kind != .endOfFile else { return }
        let name = Name(token.text, at: hash.range.through(token.range))
        if conditional(name) { return }
        guard files[top].conditionals.isActive else {
            _ = restOfLine(isQuiet: true)
            return
        }
        switch name.text {
        case "define": define(name)
        case "undef": undefine(name)
        case "include": include(name)
        case "error": diagnostics.error(freeText("#error"), at: name.range)
        case "warning": diagnostics.warning(freeText("#warning"), at: name.range)
        case "pragma": pragma()
        case "line": line(restOfLine(), name)
        case _ where token.kind == .integer: line([token] + restOfLine(), name)
        default:
            _ = restOfLine(isQuiet: true)
            diagnostics.error("unknown directive '#\(name)'", at: name.range)
        }
    }

    private func freeText(_ fallback: String) -> String {
        let line = restOfLine(isQuiet: true)
        guard let first = line.first, let last = line.last else { return fallback }
        return diagnostics.sources.text(of: first.range.through(last.range))
    }

    private func pragma() {
        if restOfLine(isQuiet: true).first?.text == "once" { includedOnce.insert(files[top].file.name) }
    }

    // MARK: Conditionals

    /// Returns false if the directive does not belong to a conditional.
    private func conditional(_ name: Name) -> Bool {
        let isActive = files[top].conditionals.isActive
        switch name.text {
        case "if": files[top].conditionals.open(name, isTrue: isActive ? condition(name) : skip())
        case "ifdef", "ifndef":
            let isTrue = isActive ? isDefined(name) == (name.text == "ifdef") : skip()
            files[top].conditionals.open(name, isTrue: isTrue)
        case "elif":
            let isTrue = files[top].conditionals.wantsBranch ? condition(name) : skip()
            files[top].conditionals.branch(name, isTrue: isTrue, diagnostics: diagnostics)
        case "else":
            expectEnd(of: name)
            files[top].conditionals.branch(name, isTrue: true, diagnostics: diagnostics)
        case "endif":
            expectEnd(of: name)
            files[top].conditionals.close(name, diagnostics: diagnostics)
        default: return false
        }
        return true
    }

    private func skip() -> Bool {
        _ = restOfLine(isQuiet: true)
        return false
    }

    private func expectEnd(of name: Name) {
        guard let extra = restOfLine(isQuiet: true).first, files[top].conditionals.isActive else { return }
        diagnostics.warning("\(extra.described) after '#\(name)' is ignored", at: extra.range)
    }

    /// The name `#ifdef` asks for; reports what does not belong.
    private func isDefined(_ directive: Name) -> Bool {
        guard let name = macroName(directive) else { return false }
        return macros[name.text] != nil
    }

    private func macroName(_ directive: Name) -> Token? {
        let line = restOfLine()
        guard let first = line.first, first.kind == .identifier else {
            diagnostics.error(
                "expected a macro name after '#\(directive)'", at: line.first?.range ?? directive.range.afterEnd)
            return nil
        }
        if line.count > 1 {
            diagnostics.warning("\(line[1].described) after '#\(directive)' is ignored", at: line[1].range)
        }
        return first
    }

    private func condition(_ name: Name) -> Bool {
        let line = restOfLine()
        guard !line.isEmpty else {
            diagnostics.error("expected a condition after '#\(name)'", at: name.range.afterEnd)
            return false
        }
        guard let replaced = replacingDefined(in: line) else { return false }
        let tokens = MacroExpander.expand(replaced, with: self)
        var expression = ConditionalExpression(tokens, directive: name.range, diagnostics: diagnostics)
        return expression.evaluate()
    }

    /// `defined X` and `defined(X)` become 1 or 0 before macros are expanded.
    private func replacingDefined(in line: [Token]) -> [Token]? {
        var result: [Token] = []
        var rest = line[...]
        while let token = rest.popFirst() {
            guard token.text == "defined" else {
                result.append(token)
                continue
            }
            let isWrapped = rest.first?.kind == .leftParenthesis
            if isWrapped { rest = rest.dropFirst() }
            guard let name = rest.popFirst(), name.kind == .identifier,
                !isWrapped || rest.popFirst()?.kind == .rightParenthesis
            else {
                diagnostics.error("expected 'defined(NAME)' or 'defined NAME'", at: token.range)
                return nil
            }
            let value = macros[name.text] == nil ? "0" : "1"
            result.append(Token(kind: .integer, text: value, range: token.range, hasSpaceBefore: true))
        }
        return result
    }

    // MARK: Macros

    private func define(_ directive: Name) {
        let line = restOfLine()
        guard let macro = Macro.parse(line, directive: directive.range, diagnostics: diagnostics) else { return }
        if let old = macros[macro.name.text], !old.isEquivalent(to: macro) {
            diagnostics.warning(
                "the macro '\(macro.name)' is defined again", at: macro.name.range,
                notes: [.init("it was defined here", at: old.name.range)])
        }
        macros[macro.name.text] = macro
    }

    private func undefine(_ directive: Name) {
        if let name = macroName(directive) { macros[name.text] = nil }
    }

    // MARK: Other files and lines

    private func include(_ directive: Name) {
        guard let (name, isSystem, range) = includedName(directive) else { return }
        guard mayInclude(name, at: range) else { return }
        guard let found = source.find(name, isSystem: isSystem, from: files[top].file.name) else {
            return diagnostics.error("cannot find the file '\(name)' to include", at: range)
        }
        if includedOnce.contains(found.path) { return }
        open(
            diagnostics.sources.add(
                name: found.path, bytes: found.bytes, includedFrom: directive.range,
                isShown: source.isInside(found.path)))
    }

    /// Counts a file to be included; false, and reported once, if there are too many.
    private func mayInclude(_ name: String, at range: SourceRange) -> Bool {
        guard !hasTooManyFiles else { return false }
        includeCount += 1
        if files.count >= CompilerLimits.includeDepth {
            hasTooManyFiles = true
            diagnostics.error(
                "'\(name)' is included \(CompilerLimits.includeDepth) files deep: does it include itself?", at: range)
        } else if includeCount > CompilerLimits.includedFiles {
            hasTooManyFiles = true
            diagnostics.error(
                "more than \(CompilerLimits.includedFiles) files are included: does '\(name)' include itself?",
                at: range)
        }
        return !hasTooManyFiles
    }

    /// The name as written, or as a macro gives it. The rest of the line is read here, before another file is opened.
    private func includedName(_ directive: Name) -> (name: String, isSystem: Bool, range: SourceRange)? {
        if let direct = files[top].lexer.includeName() {
            if let extra = restOfLine().first {
                diagnostics.warning("\(extra.described) after the file's name is ignored", at: extra.range)
            }
            return direct
        }
        let line = MacroExpander.expand(restOfLine(), with: self)
        if let first = line.first, let last = line.last {
            let range = first.range.through(last.range)
            if first.kind == .string, line.count == 1 { return (stringValue(ofToken: first.text), false, range) }
            if first.kind == .less, last.kind == .greater, line.count > 2 {
                return (line.dropFirst().dropLast().map(\.text).joined(), true, range)
            }
        }
        diagnostics.error(
            "expected \"FILE\" or <FILE> after '#include'", at: line.first?.range ?? directive.range.afterEnd)
        return nil
    }

    private func line(_ line: [Token], _ directive: Name) {
        let tokens = MacroExpander.expand(line, with: self)
        guard let number = tokens.first, number.kind == .integer, let value = Int(number.text) else {
            return diagnostics.error("expected a line number", at: tokens.first?.range ?? directive.range.afterEnd)
        }
        var name: String?
        if tokens.count > 1, tokens[1].kind == .string { name = stringValue(ofToken: tokens[1].text) }
        let file = files[top].file
        let next = file.lineIndex(at: Int(directive.range.start)) + 1
        guard next < file.lineStarts.count else { return }
        diagnostics.sources.addPresumedLine(
            PresumedLine(offset: file.lineStarts[next], line: value, name: name), in: file.id)
    }
}
