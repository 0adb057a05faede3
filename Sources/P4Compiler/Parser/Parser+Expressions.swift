// SPDX-License-Identifier: Apache-2.0

/// Operators, by precedence climbing.
extension Parser {
    private static let operators: [TokenKind: BinaryOperator] = Dictionary(
        uniqueKeysWithValues: BinaryOperator.allCases.compactMap { operation in
            TokenKind(rawValue: operation.rawValue).map { ($0, operation) }
        })
    /// Between the sets' operators and `||`.
    private static let conditionalPrecedence = 2

    mutating func expression() -> Expression { expression(minimum: 0) }

    private mutating func expression(minimum: Int) -> Expression {
        let start = position
        guard enter() else { return expression(.invalid, from: start) }
        defer { leave() }
        var left = prefixed()
        while let (operation, length) = binaryOperator(), operation.precedence >= minimum {
            checkSet(operation)
            for _ in 0..<length { advance() }
            let right = expression(minimum: operation.precedence + 1)
            left = expression(.binary(operation, left, right), from: start)
        }
        guard kind == .question, minimum <= Self.conditionalPrecedence else { return left }
        return conditional(left, from: start)
    }

    private mutating func conditional(_ condition: Expression, from start: Int) -> Expression {
        advance()
        let first = expression(minimum: Self.conditionalPrecedence)
        expect(.colon)
        let second = expression(minimum: Self.conditionalPrecedence)
        return expression(.conditional(condition, then: first, else: second), from: start)
    }

    /// The operator here and its number of tokens: `>>` is two.
    private func binaryOperator() -> (BinaryOperator, Int)? {
        switch kind {
        case .greater where !peek().hasSpaceBefore && peek().kind == .greater: return (.shiftRight, 2)
        // `>>=` is an assignment, and `+:` belongs to a slice.
        case .greater where !peek().hasSpaceBefore && peek().kind == .greaterOrEqual: return nil
        case .plus where !peek().hasSpaceBefore && peek().kind == .colon: return nil
        default: return Self.operators[kind].map { ($0, 1) }
        }
    }

    private func checkSet(_ operation: BinaryOperator) {
        guard !allowsSets, operation == .mask || operation == .range else { return }
        report("'\(operation.rawValue)' makes a set, which may only stand among keys", at: token.range)
    }

    /// Reads something in which sets may, or may not, stand.
    mutating func setFree<Result>(_ isFree: Bool = true, _ body: (inout Parser) -> Result) -> Result {
        let outer = allowsSets
        allowsSets = !isFree
        defer { allowsSets = outer }
        return body(&self)
    }

    /// An operand with its prefix operators and casts.
    private mutating func prefixed() -> Expression {
        let start = position
        let operation: UnaryOperator
        switch kind {
        case .not: operation = .not
        case .tilde: operation = .complement
        case .minus: operation = .minus
        case .plus: operation = .plus
        case .leftParenthesis where isAtCast: return cast()
        default: return postfixed()
        }
        guard enter() else { return expression(.invalid, from: start) }
        defer { leave() }
        advance()
        let operand = prefixed()
        return expression(.unary(operation, operand), from: start)
    }

    private mutating func cast() -> Expression {
        let start = position
        guard enter() else { return expression(.invalid, from: start) }
        defer { leave() }
        let open = advance()
        let target = type()
        expectClosing(.rightParenthesis, of: open)
        let operand = prefixed()
        return expression(.cast(target, operand), from: start)
    }

    /// An operand with what follows it: members, indices, slices, calls.
    private mutating func postfixed() -> Expression {
        let start = position
        var base = operand()
        while true {
            switch kind {
            case .dot:
                advance()
                let name = expectName("a member's name")
                base = expression(.member(base, name), from: start)
            case .leftBracket: base = indexed(base, from: start)
            case .leftParenthesis: base = called(base, [], from: start)
            case .less where isAtTypeArgumentsOfCall:
                let types = typeArguments()
                base = called(base, types, from: start)
            default: return base
            }
        }
    }

    private mutating func called(_ callee: Expression, _ types: [TypeSyntax], from start: Int) -> Expression {
        let open = position
        let arguments = arguments()
        let call = Expression.Call(
            callee: callee, typeArguments: types, arguments: arguments, argumentsRange: range(from: open))
        return expression(.call(call), from: start)
    }

    private mutating func indexed(_ base: Expression, from start: Int) -> Expression {
        let open = advance()
        let first = setFree { $0.expression() }
        if accept(.colon) {
            let low = setFree { $0.expression() }
            expectClosing(.rightBracket, of: open)
            return expression(.slice(base, high: first, low: low), from: start)
        }
        if kind == .plus, peek().kind == .colon {
            advance()
            advance()
            let width = setFree { $0.expression() }
            expectClosing(.rightBracket, of: open)
            return expression(.partSelect(base, low: first, width: width), from: start)
        }
        expectClosing(.rightBracket, of: open)
        return expression(.index(base, first), from: start)
    }
}
