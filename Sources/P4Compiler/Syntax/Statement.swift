// SPDX-License-Identifier: Apache-2.0

/// A statement of a parser state, action, function or control.
final class Statement: Sendable {
    indirect enum Kind: Sendable {
        case empty
        case block(Block)
        /// `target = value`, or `target op= value` with an operator.
        case assignment(target: Expression, operation: BinaryOperator?, value: Expression)
        /// A call of a function, method, action, extern or table (`t.apply()`); the expression is a `.call`.
        case call(Expression)
        /// `T.apply(arguments)`: a nameless instance of the parser or control type `T`, applied once.
        case directApplication(TypeSyntax, [Argument])
        case conditional(Expression, then: Statement, else: Statement?)
        case `switch`(Expression, [SwitchCase])
        /// `for (initializers; condition; updates) body`
        case loop(initializers: [Statement], condition: Expression, updates: [Statement], body: Statement)
        /// `for (type name in collection) body`; a collection `a .. b` is a `.binary(.range, …)`.
        case forEach(Declaration, in: Expression, body: Statement)
        case `break`
        case `continue`
        case exit
        case `return`(Expression?)
        /// A constant, variable or instance local to the block.
        case declaration(Declaration)
        /// In place of a statement that could not be read; the error is already reported.
        case invalid
    }

    let id: NodeID
    let range: SourceRange
    let annotations: [Annotation]
    let kind: Kind

    init(id: NodeID, range: SourceRange, annotations: [Annotation] = [], kind: Kind) {
        self.id = id
        self.range = range
        self.annotations = annotations
        self.kind = kind
    }
}

/// `{ … }`, a scope of its own; `range` includes the braces.
struct Block: Sendable {
    let statements: [Statement]
    let annotations: [Annotation]
    let range: SourceRange
}

/// One arm of a `switch`.
struct SwitchCase: Sendable {
    /// `.defaultKey` for `default`; after `t.apply().action_run` an expression that names an action.
    let label: Expression
    /// Without a body the case falls through to the next one's.
    let body: Block?
    let range: SourceRange
}
