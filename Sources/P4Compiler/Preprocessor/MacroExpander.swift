// SPDX-License-Identifier: Apache-2.0

/// Expands macros in a row of tokens that comes from the files, or in a closed list such as a macro's argument.
///
/// Every expansion lies on a stack of frames and is read from there again; a macro is not expanded inside its
/// own frame, which ends all recursion.
final class MacroExpander {
    /// Calls inside a call's arguments, level by level.
    static let maximumDepth = 100
    /// Tokens that all expansions of one program may produce together.
    static let maximumTokens = 1_000_000

    private struct Frame {
        let tokens: [Token]
        var next = 0
        let macro: String?
    }

    private let preprocessor: Preprocessor
    private let readsFiles: Bool
    private let depth: Int
    private var frames: [Frame] = []
    /// Macros with a frame on the stack, here or in the expander whose argument this one expands.
    private var active: Set<String>
    private let budget: Budget

    /// Shared by an expander and those it makes for arguments.
    private final class Budget {
        var tokens = 0
        var isSpent = false
    }

    init(preprocessor: Preprocessor) {
        self.preprocessor = preprocessor
        readsFiles = true
        depth = 0
        active = []
        budget = Budget()
    }

    private init(_ tokens: [Token], preprocessor: Preprocessor, depth: Int, active: Set<String>, budget: Budget) {
        self.preprocessor = preprocessor
        readsFiles = false
        self.depth = depth
        self.active = active
        self.budget = budget
        frames = [Frame(tokens: tokens, macro: nil)]
    }

    /// A directive's line, fully expanded by itself.
    static func expand(_ tokens: [Token], with preprocessor: Preprocessor) -> [Token] {
        MacroExpander(tokens, preprocessor: preprocessor, depth: 0, active: [], budget: Budget()).rest()
    }

    private func rest() -> [Token] {
        var tokens: [Token] = []
        while let token = next() { tokens.append(token) }
        return tokens
    }

    /// The next token after expansion; nil at the end.
    func next() -> Token? {
        while var token = nextRaw() {
            guard token.kind == .identifier, !token.isFinal, let macro = preprocessor.macros[token.text] else {
                return token
            }
            if active.contains(token.text) {
                token.isFinal = true
                return token
            }
            if !expand(token, as: macro) { return token }
        }
        return nil
    }

    private func nextRaw() -> Token? {
        while let top = frames.indices.last {
            if frames[top].next < frames[top].tokens.count {
                frames[top].next += 1
                return frames[top].tokens[frames[top].next - 1]
            }
            if let macro = frames.removeLast().macro { active.remove(macro) }
        }
        return readsFiles ? preprocessor.nextUnexpanded() : nil
    }

    private func unread(_ token: Token) { frames.append(Frame(tokens: [token], macro: nil)) }

    /// Puts the macro's expansion on the stack; false if the token does not use it after all.
    private func expand(_ use: Token, as macro: Macro) -> Bool {
        switch macro.content {
        case .line:
            let line = preprocessor.diagnostics.sources.place(of: use.range).line
            unread(Token(kind: .integer, text: String(line), range: use.range, hasSpaceBefore: use.hasSpaceBefore))
            return true
        case .file:
            let name = preprocessor.diagnostics.sources.place(of: use.range).file
            unread(Token(kind: .string, text: "\"\(name)\"", range: use.range, hasSpaceBefore: use.hasSpaceBefore))
            return true
        case .tokens(let body):
            guard let parameters = macro.parameters else {
                push(join(body.map { relocated($0, to: use) }), for: use, macro)
                return true
            }
            // Only a name followed by '(' is a call; a token read to find out is put back.
            guard let parenthesis = nextRaw() else { return false }
            guard parenthesis.kind == .leftParenthesis else {
                unread(parenthesis)
                return false
            }
            guard let arguments = arguments(of: macro, parameters, use) else { return true }
            push(substitute(body, parameters, arguments, use), for: use, macro)
            return true
        }
    }

    private func relocated(_ token: Token, to use: Token) -> Token {
        var token = token
        token.range = use.range
        token.isFirstOnLine = false
        return token
    }

    private func push(_ tokens: [Token], for use: Token, _ macro: Macro) {
        budget.tokens += tokens.count + 1
        guard budget.tokens <= Self.maximumTokens else {
            if !budget.isSpent {
                preprocessor.diagnostics.error("macros expand to more than \(Self.maximumTokens) tokens", at: use.range)
            }
            budget.isSpent = true
            return
        }
        var tokens = tokens
        if !tokens.isEmpty {
            tokens[0].hasSpaceBefore = use.hasSpaceBefore
            tokens[0].isFirstOnLine = use.isFirstOnLine
        }
        active.insert(macro.name.text)
        frames.append(Frame(tokens: tokens, macro: macro.name.text))
    }

    // MARK: Arguments

    /// Reads to the matching `)`. Reports a wrong count or a missing end, and returns nil.
    private func arguments(of macro: Macro, _ parameters: [String], _ use: Token) -> [[Token]]? {
        let diagnostics = preprocessor.diagnostics
        let note = Diagnostic.Note("the macro is defined here", at: macro.name.range)
        var arguments: [[Token]] = [[]]
        var nesting = 0
        while let token = nextRaw() {
            switch token.kind {
            case .leftParenthesis: nesting += 1
            case .rightParenthesis:
                if nesting == 0 { return matched(arguments, to: macro, parameters, use, note) }
                nesting -= 1
            case .comma where nesting == 0 && !(macro.isVariadic && arguments.count == parameters.count):
                arguments.append([])
                continue
            default: break
            }
            arguments[arguments.count - 1].append(token)
        }
        diagnostics.error("the arguments of the macro '\(macro.name)' lack their ')'", at: use.range, notes: [note])
        return nil
    }

    private func matched(
        _ given: [[Token]], to macro: Macro, _ parameters: [String], _ use: Token, _ note: Diagnostic.Note
    ) -> [[Token]]? {
        var arguments = given
        if parameters.isEmpty, arguments.count == 1, arguments[0].isEmpty { return [] }
        if macro.isVariadic, arguments.count == parameters.count - 1 { arguments.append([]) }
        guard arguments.count == parameters.count else {
            let wanted = "\(parameters.count) argument\(parameters.count == 1 ? "" : "s")"
            preprocessor.diagnostics.error(
                "the macro '\(macro.name)' takes \(macro.isVariadic ? "at least " : "")\(wanted), not \(arguments.count)",
                at: use.range, notes: [note])
            return nil
        }
        return arguments
    }

    // MARK: Substitution

    /// An argument's tokens, expanded by themselves.
    private func expanded(_ argument: [Token], _ use: Token) -> [Token] {
        guard argument.contains(where: { preprocessor.macros[$0.text] != nil }), !budget.isSpent else {
            return argument
        }
        guard depth < Self.maximumDepth else {
            budget.isSpent = true
            preprocessor.diagnostics.error("macro calls are nested too deeply", at: use.range)
            return argument
        }
        return MacroExpander(argument, preprocessor: preprocessor, depth: depth + 1, active: active, budget: budget)
            .rest()
    }

    /// The body with parameters replaced: as written beside `#` and `##`, else expanded first.
    private func substitute(_ body: [Token], _ parameters: [String], _ arguments: [[Token]], _ use: Token) -> [Token] {
        var expansions: [Int: [Token]] = [:]
        var result: [Token] = []
        var index = 0
        while index < body.count {
            let token = body[index]
            if token.kind == .hash, index + 1 < body.count,
                let parameter = parameters.firstIndex(of: body[index + 1].text)
            {
                result.append(stringified(arguments[parameter], hash: token, use))
                index += 2
                continue
            }
            index += 1
            guard let parameter = parameters.firstIndex(of: token.text) else {
                result.append(relocated(token, to: use))
                continue
            }
            let isPasted = index < body.count && body[index].kind == .hashHash
            let isPastedTo = index >= 2 && body[index - 2].kind == .hashHash
            var tokens = arguments[parameter]
            if !isPasted, !isPastedTo {
                tokens = expansions[parameter] ?? expanded(tokens, use)
                expansions[parameter] = tokens
            } else if tokens.isEmpty {
                // Nothing to join with: an empty token keeps the place for '##'.
                tokens = [Token(kind: .unknown, text: "", range: use.range)]
            }
            if !tokens.isEmpty { tokens[0].hasSpaceBefore = token.hasSpaceBefore }
            result += tokens
            budget.tokens += tokens.count
            if budget.tokens > Self.maximumTokens { break }
        }
        return join(result)
    }

    private func stringified(_ argument: [Token], hash: Token, _ use: Token) -> Token {
        var text = ""
        for (index, token) in argument.enumerated() {
            if index > 0, token.hasSpaceBefore || token.isFirstOnLine { text += " " }
            guard token.kind == .string else {
                text += token.text
                continue
            }
            for character in token.text {
                text += character == "\"" || character == "\\" ? "\\\(character)" : "\(character)"
            }
        }
        return Token(kind: .string, text: "\"\(text)\"", range: use.range, hasSpaceBefore: hash.hasSpaceBefore)
    }

    /// Joins the tokens on both sides of each `##`.
    private func join(_ tokens: [Token]) -> [Token] {
        guard tokens.contains(where: { $0.kind == .hashHash || $0.text.isEmpty }) else { return tokens }
        var result: [Token] = []
        var rest = tokens[...]
        while let token = rest.popFirst() {
            guard token.kind == .hashHash, let left = result.popLast(), let right = rest.popFirst() else {
                result.append(token)
                continue
            }
            result.append(joined(left, right))
        }
        return result.filter { !$0.text.isEmpty }
    }

    private func joined(_ left: Token, _ right: Token) -> Token {
        if left.text.isEmpty || right.text.isEmpty {
            var kept = left.text.isEmpty ? right : left
            kept.hasSpaceBefore = left.hasSpaceBefore
            return kept
        }
        let text = left.text + right.text
        var lexer = Lexer(text: text, standingFor: left.range, diagnostics: preprocessor.diagnostics)
        lexer.isQuiet = true
        var token = lexer.next()
        token.hasSpaceBefore = left.hasSpaceBefore
        token.isFirstOnLine = left.isFirstOnLine
        if token.text != text {
            preprocessor.diagnostics.error("'##' makes '\(text)', which is not a token", at: left.range)
        }
        return token
    }
}
