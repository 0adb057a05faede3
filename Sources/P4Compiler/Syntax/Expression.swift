// SPDX-License-Identifier: Apache-2.0

/// An expression as written; nothing is folded or inferred here.
final class Expression: Sendable {
    indirect enum Kind: Sendable {
        case integer(IntegerLiteral)
        case boolean(Bool)
        case string(String)
        case name(PathName)
        case this
        /// A type where a value may stand: base of `E.member` and `error.X`, callee of a constructor call.
        case type(TypeSyntax)
        /// `_`: any value, in arguments and sets of keys.
        case dontCare
        /// `default` in a set of keys.
        case defaultKey
        /// `...`: default values for what is not named; alone, or last in a list or structure.
        case defaultValue
        /// `{#}`
        case invalidHeader
        /// `{a, b}`; a set of keys `(a, b)` is a `tuple` in `SelectCase.keys` and `TableEntry.keys` instead.
        case list([Expression])
        /// `{a = 1, b = 2}`; `isOpen` if it ends with `...`.
        case structure([NamedExpression], isOpen: Bool)
        case unary(UnaryOperator, Expression)
        case binary(BinaryOperator, Expression, Expression)
        case conditional(Expression, then: Expression, else: Expression)
        case cast(TypeSyntax, Expression)
        case parenthesized(Expression)
        case member(Expression, Name)
        case index(Expression, Expression)
        /// `base[high:low]`
        case slice(Expression, high: Expression, low: Expression)
        /// `base[low +: width]`
        case partSelect(Expression, low: Expression, width: Expression)
        case call(Call)
        /// In place of an expression that could not be read; the error is already reported.
        case invalid
    }

    /// `callee<types>(arguments)`: of a function, method, action, extern, or (callee `.type`) a constructor.
    struct Call: Sendable {
        let callee: Expression
        let typeArguments: [TypeSyntax]
        let arguments: [Argument]
        /// From `(` to `)`.
        let argumentsRange: SourceRange
    }

    let id: NodeID
    let range: SourceRange
    let kind: Kind
    /// Levels below and including this one; the parser keeps it within `Parser.maximumHeight`, so passes may recurse.
    let height: Int

    init(id: NodeID, range: SourceRange, kind: Kind) {
        self.id = id
        self.range = range
        self.kind = kind
        height = 1 + kind.children.reduce(0) { max($0, $1.height) }
    }

    /// The expression inside any parentheses.
    var unparenthesized: Expression {
        var expression = self
        while case .parenthesized(let inner) = expression.kind { expression = inner }
        return expression
    }
}

extension Expression.Kind {
    /// The expressions directly below, in source order; those inside types are not among them.
    var children: [Expression] {
        switch self {
        case .integer, .boolean, .string, .name, .this, .type, .dontCare, .defaultKey, .defaultValue, .invalidHeader,
            .invalid:
            []
        case .list(let elements): elements
        case .structure(let fields, _): fields.map(\.value)
        case .unary(_, let operand), .cast(_, let operand), .parenthesized(let operand), .member(let operand, _):
            [operand]
        case .binary(_, let left, let right), .index(let left, let right): [left, right]
        case .conditional(let first, let second, let third), .slice(let first, let second, let third),
            .partSelect(let first, let second, let third):
            [first, second, third]
        case .call(let call): [call.callee] + call.arguments.map(\.value)
        }
    }
}

/// `name = value`, in structure initialisers and annotations.
struct NamedExpression: Sendable {
    let name: Name
    let value: Expression
}

/// One argument of a call; `name = value` when it is passed by name, `_` is `.dontCare`.
struct Argument: Sendable {
    let name: Name?
    let value: Expression
    let range: SourceRange
}
