// SPDX-License-Identifier: Apache-2.0

/// Reads tokens into a tree by recursive descent.
///
/// On a syntax error the parser reports it and *panics*: from then on it sees nothing but the end of the file,
/// so every loop and function ends by itself, silently. The nearest list (of statements, fields, declarations)
/// ends it and continues after the next `;` or block. Nodes read in panic are in the tree as `.invalid`.
struct Parser {
    /// Levels of brackets, blocks and prefix operators.
    static let maximumNesting = 256
    /// Levels of one expression, chains such as `a + b + …` included. Passes may recurse this deep.
    static let maximumHeight = 1_000

    let tokens: [Token]
    let diagnostics: Diagnostics
    var position = 0
    var ids = NodeCounter()
    var scopes = NameScopes()
    /// `&&&` and `..` may stand here: in a set of keys.
    var allowsSets = false
    /// Errors are not reported: an attempt that may fail.
    var isQuiet = false
    private(set) var isPanicking = false
    /// The panic ends at the top level only.
    private(set) var isUnwinding = false
    private var nesting = 0

    init(tokens: [Token], diagnostics: Diagnostics) {
        self.tokens = tokens
        self.diagnostics = diagnostics
    }

    // MARK: Tokens

    private var end: Token { tokens[tokens.count - 1] }
    var token: Token { isPanicking ? end : tokens[position] }
    var kind: TokenKind { isPanicking ? .endOfFile : tokens[position].kind }

    func token(at index: Int) -> Token { isPanicking || index >= tokens.count ? end : tokens[index] }

    func peek(_ distance: Int = 1) -> Token { token(at: position + distance) }

    @discardableResult
    mutating func advance() -> Token {
        let current = token
        if !isPanicking, position < tokens.count - 1 { position += 1 }
        return current
    }

    /// Advances past a token of this kind; false if the current one is another.
    mutating func accept(_ kind: TokenKind) -> Bool {
        guard self.kind == kind else { return false }
        advance()
        return true
    }

    /// Whether the current token is one of the words that have a meaning in some places only, e.g. `apply`.
    func isWord(_ word: String, at distance: Int = 0) -> Bool {
        let token = peek(distance)
        return token.kind == .identifier && token.text == word
    }

    /// From the token at `start` to the last one read.
    func range(from start: Int) -> SourceRange {
        let first = tokens[start].range
        return position > start ? first.through(tokens[position - 1].range) : first
    }

    var previousRange: SourceRange { tokens[max(0, position - 1)].range }

    // MARK: Errors

    /// Reports and panics.
    mutating func fail(_ message: String, at range: SourceRange? = nil, notes: [Diagnostic.Note] = []) {
        guard !isPanicking else { return }
        report(message, at: range ?? token.range, notes: notes)
        isPanicking = true
        if diagnostics.isFull { abandon() }
    }

    /// Reports, and goes on as if nothing were wrong.
    func report(_ message: String, at range: SourceRange, notes: [Diagnostic.Note] = []) {
        if !isQuiet, !isPanicking { diagnostics.error(message, at: range, notes: notes) }
    }

    /// Reports that something is missing: after the last token if the line ends there, else at the current one.
    mutating func failExpecting(_ what: String, notes: [Diagnostic.Note] = []) {
        if token.isFirstOnLine || kind == .endOfFile {
            fail("expected \(what)", at: previousRange.afterEnd, notes: notes)
        } else {
            fail("expected \(what) instead of \(token.described)", notes: notes)
        }
    }

    /// Reports that nothing can begin with the current token.
    mutating func failBeginning(_ what: String) {
        fail("expected \(what)\(kind == .endOfFile ? "" : " instead of \(token.described)")")
    }

    @discardableResult
    mutating func expect(_ kind: TokenKind) -> Bool {
        if accept(kind) { return true }
        failExpecting(kind.described)
        return false
    }

    /// A forgotten semicolon at the end of a line costs nothing but the message.
    mutating func expectSemicolon() {
        if accept(.semicolon) { return }
        if kind != .endOfFile, token.isFirstOnLine || kind == .rightBrace {
            return report("expected ';'", at: previousRange.afterEnd)
        }
        failExpecting("';'")
    }

    mutating func expectClosing(_ kind: TokenKind, of open: Token) {
        if accept(kind) { return }
        failExpecting(kind.described, notes: [.init("to match this \(open.described)", at: open.range)])
    }

    mutating func expectName(_ what: String = "a name") -> Name {
        let token = token
        if accept(.identifier) { return Name(token.text, at: token.range) }
        if kind.isWord, kind != .underscore {
            fail("expected \(what), but '\(token.text)' is a reserved word")
        } else {
            failExpecting(what)
        }
        return Name("", at: token.range)
    }

    // MARK: Recovery

    /// Ends all reading, e.g. after too many errors.
    private mutating func abandon() {
        isPanicking = true
        isUnwinding = true
        if !isQuiet { position = tokens.count - 1 }
    }

    /// Ends a panic in an element that began at `start`: skips to after the next `;` or block, or to the `}` that
    /// closes the current list. Braces the element itself has opened, as of a list of values, are closed on the way.
    mutating func resynchronize(from start: Int) {
        guard isPanicking, !isUnwinding else { return }
        isPanicking = false
        var opened = 0
        for token in tokens[start..<position] {
            if token.kind == .leftBrace { opened += 1 } else if token.kind == .rightBrace { opened -= 1 }
        }
        var depth = 0
        while kind != .endOfFile {
            switch kind {
            case .leftBrace: depth += 1
            case .rightBrace where depth > 0:
                depth -= 1
                if depth == 0, opened <= 0, peek().kind != .else { return endElement() }
            case .rightBrace where opened > 0:
                opened -= 1
                if opened == 0, peek().isFirstOnLine { return endElement() }
            case .rightBrace: return
            // After `{ 1, 2;` the brace is more likely missing than closed in a later line.
            case .semicolon where depth == 0 && (opened <= 0 || peek().isFirstOnLine): return endElement()
            case _ where depth == 0 && token.isFirstOnLine && kind.beginsTopLevelDeclaration: return
            default: break
            }
            advance()
        }
    }

    /// Skips the last token of a broken element, and a semicolon after its block.
    private mutating func endElement() {
        let last = advance()
        if last.kind == .rightBrace { _ = accept(.semicolon) }
    }

    /// Ends any panic; for the list of all declarations.
    mutating func resynchronizeAtTop(from start: Int) {
        if isUnwinding {
            isUnwinding = false
            isPanicking = false
        }
        resynchronize(from: start)
    }

    /// Undoes a failed attempt.
    mutating func calm() {
        isPanicking = false
        isUnwinding = false
    }

    /// Reads elements up to the `}` that matches the `{` at the current token, and that `}`.
    mutating func braced(_ element: (inout Parser) -> Void) {
        let open = token
        guard expect(.leftBrace) else { return }
        while kind != .rightBrace, kind != .endOfFile, !isAtTopLevelDeclaration {
            let before = position
            element(&self)
            if isUnwinding { return }
            resynchronize(from: before)
            if position == before { advance() }
        }
        if accept(.rightBrace) { return }
        let what = kind == .endOfFile ? "" : " before \(token.described)"
        let place = kind == .endOfFile ? previousRange.afterEnd : token.range
        fail("expected '}'\(what)", at: place, notes: [.init("to match this '{'", at: open.range)])
        isUnwinding = true
    }

    // MARK: Depth

    /// Guards every function that may call itself; pair with `leave()`.
    mutating func enter() -> Bool {
        guard nesting < Self.maximumNesting else {
            failTooDeep()
            return false
        }
        nesting += 1
        return true
    }

    mutating func leave() { nesting -= 1 }

    mutating func failTooDeep() {
        fail("the program is nested too deeply here: \(Self.maximumNesting) levels at most")
        abandon()
    }

    // MARK: Nodes

    mutating func expression(_ kind: Expression.Kind, from start: Int) -> Expression {
        let made = Expression(id: ids.make(), range: range(from: start), kind: kind)
        if made.height > Self.maximumHeight {
            fail("this expression has more than \(Self.maximumHeight) levels: split it", at: tokens[start].range)
            abandon()
        }
        return made
    }

    mutating func type(_ kind: TypeSyntax.Kind, from start: Int) -> TypeSyntax {
        TypeSyntax(id: ids.make(), range: range(from: start), kind: kind)
    }

    mutating func declaration(
        _ kind: Declaration.Kind, _ name: Name, _ annotations: [Annotation], from start: Int
    ) -> Declaration {
        Declaration(id: ids.make(), range: range(from: start), name: name, annotations: annotations, kind: kind)
    }
}

extension TokenKind {
    /// These begin declarations that stand at the top level only: met elsewhere, a `}` was forgotten.
    var beginsTopLevelDeclaration: Bool {
        switch self {
        case .control, .parser, .header, .headerUnion, .struct, .extern, .package, .typedef, .enum: true
        default: false
        }
    }
}
