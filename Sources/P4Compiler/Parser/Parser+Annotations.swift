// SPDX-License-Identifier: Apache-2.0

extension Parser {
    mutating func annotations() -> [Annotation] {
        var annotations: [Annotation] = []
        while kind == .at { annotations.append(annotation()) }
        return annotations
    }

    private mutating func annotation() -> Annotation {
        let start = position
        expect(.at)
        if isWord("pragma") { return pragma(from: start) }
        let word = token
        guard kind == .identifier || kind.isWord else {
            failExpecting("an annotation's name")
            return Annotation(name: Name("", at: word.range), body: .none, range: word.range)
        }
        advance()
        let body: Annotation.Body
        switch kind {
        case .leftParenthesis: body = unstructuredBody()
        case .leftBracket: body = structuredBody()
        default: body = .none
        }
        return Annotation(name: Name(word.text, at: word.range), body: body, range: range(from: start))
    }

    /// `@pragma name words…`, to the end of its line: the same as `@name(words…)`.
    private mutating func pragma(from start: Int) -> Annotation {
        advance()
        let word = token
        guard !token.isFirstOnLine, kind != .endOfFile else {
            failExpecting("a name after '@pragma'")
            return Annotation(name: Name("", at: word.range), body: .none, range: word.range)
        }
        advance()
        var words: [AnnotationToken] = []
        while kind != .endOfFile, !token.isFirstOnLine {
            let token = advance()
            words.append(AnnotationToken(text: token.text, range: token.range))
        }
        let body = words.isEmpty ? Annotation.Body.none : .unstructured(tokens: words, expressions: nil)
        return Annotation(name: Name(word.text, at: word.range), body: body, range: range(from: start))
    }

    private mutating func unstructuredBody() -> Annotation.Body {
        let open = token
        let start = position
        advance()
        var depth = 1
        var words: [AnnotationToken] = []
        while depth > 0 {
            switch kind {
            case .leftParenthesis: depth += 1
            case .rightParenthesis: depth -= 1
            case .endOfFile:
                expectClosing(.rightParenthesis, of: open)
                return .unstructured(tokens: words, expressions: nil)
            default: break
            }
            let token = advance()
            if depth > 0 { words.append(AnnotationToken(text: token.text, range: token.range)) }
        }
        return .unstructured(tokens: words, expressions: expressions(from: start + 1, to: position - 1))
    }

    /// The free text between two positions as a list of expressions, if it reads as one.
    private mutating func expressions(from first: Int, to last: Int) -> [Expression]? {
        let end = position
        let wasQuiet = isQuiet
        isQuiet = true
        position = first
        let list = position == last ? [] : expressionList(until: .rightParenthesis)
        let isWhole = !isPanicking && position == last
        calm()
        isQuiet = wasQuiet
        position = end
        return isWhole ? list : nil
    }

    private mutating func structuredBody() -> Annotation.Body {
        let open = advance()
        defer { expectClosing(.rightBracket, of: open) }
        if kind == .identifier, peek().kind == .assign {
            return .keyValues(namedExpressions(until: .rightBracket).fields)
        }
        return .expressions(expressionList(until: .rightBracket))
    }
}
