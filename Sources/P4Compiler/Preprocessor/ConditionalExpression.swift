// SPDX-License-Identifier: Apache-2.0

/// Evaluates the integer expression of `#if` and `#elif`, in 64 bits that wrap, as C's preprocessor does.
///
/// Macros are already expanded and `defined` replaced by 0 or 1; names that remain are 0.
struct ConditionalExpression {
    private static let maximumDepth = 200

    private var tokens: ArraySlice<Token>
    /// Where a missing operand is reported.
    private let directive: SourceRange
    private let diagnostics: Diagnostics
    private var hasFailed = false
    private var depth = 0
    private var lastRange: SourceRange

    init(_ tokens: [Token], directive: SourceRange, diagnostics: Diagnostics) {
        self.tokens = tokens[...]
        self.directive = directive
        self.diagnostics = diagnostics
        lastRange = directive
    }

    /// The value; false also where the expression is wrong, which is then reported.
    mutating func evaluate() -> Bool {
        let value = conditional(isNeeded: true)
        if let extra = tokens.first { fail("unexpected \(extra.described) in the condition", at: extra.range) }
        return !hasFailed && value != 0
    }

    private mutating func fail(_ message: String, at range: SourceRange) {
        if !hasFailed { diagnostics.error(message, at: range) }
        hasFailed = true
        tokens = []
    }

    private mutating func accept(_ kind: TokenKind) -> Bool {
        guard let token = tokens.first, token.kind == kind else { return false }
        lastRange = token.range
        tokens = tokens.dropFirst()
        return true
    }

    private mutating func conditional(isNeeded: Bool) -> Int {
        let condition = binary(minimum: 0, isNeeded: isNeeded)
        guard accept(.question) else { return condition }
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.maximumDepth else {
            fail("the condition is nested too deeply", at: lastRange)
            return 0
        }
        let first = conditional(isNeeded: isNeeded && condition != 0)
        guard accept(.colon) else {
            fail("expected ':' in the condition", at: lastRange.afterEnd)
            return 0
        }
        let second = conditional(isNeeded: isNeeded && condition == 0)
        return condition != 0 ? first : second
    }

    /// Spelling and precedence of the operator that comes; `>>` arrives as two tokens.
    private func nextOperator() -> (text: String, precedence: Int, length: Int)? {
        guard let token = tokens.first else { return nil }
        var text = token.text
        var length = 1
        if token.kind == .greater, let second = tokens.dropFirst().first, second.kind == .greater,
            !second.hasSpaceBefore
        {
            text = ">>"
            length = 2
        }
        // C's order here: comparisons bind tighter than '&', '^' and '|'.
        let levels: [[String]] = [
            ["||"], ["&&"], ["|"], ["^"], ["&"], ["==", "!="], ["<", "<=", ">", ">="], ["<<", ">>"], ["+", "-"],
            ["*", "/", "%"],
        ]
        return levels.firstIndex { $0.contains(text) }.map { (text, $0, length) }
    }

    private mutating func binary(minimum: Int, isNeeded: Bool) -> Int {
        var left = unary(isNeeded: isNeeded)
        while let next = nextOperator(), next.precedence >= minimum {
            lastRange = tokens.first?.range ?? lastRange
            let place = lastRange
            tokens = tokens.dropFirst(next.length)
            let decided = next.text == "&&" && left == 0 || next.text == "||" && left != 0
            let right = binary(minimum: next.precedence + 1, isNeeded: isNeeded && !decided)
            left = apply(next.text, left, right, isNeeded: isNeeded && !decided, at: place)
        }
        return left
    }

    private mutating func apply(_ text: String, _ left: Int, _ right: Int, isNeeded: Bool, at place: SourceRange) -> Int
    {
        switch text {
        case "||": return left != 0 || right != 0 ? 1 : 0
        case "&&": return left != 0 && right != 0 ? 1 : 0
        case "|": return left | right
        case "^": return left ^ right
        case "&": return left & right
        case "==": return left == right ? 1 : 0
        case "!=": return left != right ? 1 : 0
        case "<": return left < right ? 1 : 0
        case "<=": return left <= right ? 1 : 0
        case ">": return left > right ? 1 : 0
        case ">=": return left >= right ? 1 : 0
        case "<<": return left << right
        case ">>": return left >> right
        case "+": return left &+ right
        case "-": return left &- right
        case "*": return left &* right
        default:
            if right == 0 {
                if isNeeded { fail("division by zero in the condition", at: place) }
                return 0
            }
            return text == "/"
                ? left.dividedReportingOverflow(by: right).partialValue
                : left.remainderReportingOverflow(dividingBy: right).partialValue
        }
    }

    private mutating func unary(isNeeded: Bool) -> Int {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.maximumDepth else {
            fail("the condition is nested too deeply", at: lastRange)
            return 0
        }
        if accept(.not) { return unary(isNeeded: isNeeded) == 0 ? 1 : 0 }
        if accept(.minus) { return 0 &- unary(isNeeded: isNeeded) }
        if accept(.plus) { return unary(isNeeded: isNeeded) }
        if accept(.tilde) { return ~unary(isNeeded: isNeeded) }
        if accept(.leftParenthesis) {
            let value = conditional(isNeeded: isNeeded)
            if !accept(.rightParenthesis) { fail("expected ')' in the condition", at: lastRange.afterEnd) }
            return value
        }
        return operand()
    }

    private mutating func operand() -> Int {
        guard let token = tokens.popFirst() else {
            fail("expected a value in the condition", at: lastRange.afterEnd)
            return 0
        }
        lastRange = token.range
        if token.kind == .identifier || token.kind.isWord { return 0 }
        guard token.kind == .integer, let value = Self.number(token.text) else {
            fail("expected a whole number instead of \(token.described)", at: token.range)
            return 0
        }
        return value
    }

    /// C's integer spellings, with its suffixes and octal zero; larger ones wrap.
    static func number(_ text: String) -> Int? {
        var digits = text.lowercased().filter { $0 != "_" }[...]
        while let last = digits.last, last == "u" || last == "l" { digits = digits.dropLast() }
        var radix = 10
        if digits.hasPrefix("0x") || digits.hasPrefix("0b") {
            radix = digits.hasPrefix("0x") ? 16 : 2
            digits = digits.dropFirst(2)
        } else if digits.hasPrefix("0"), digits.count > 1 {
            radix = 8
            digits = digits.dropFirst()
        }
        return UInt(digits, radix: radix).map { Int(bitPattern: $0) }
    }
}
