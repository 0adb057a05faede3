// SPDX-License-Identifier: Apache-2.0

/// A statement after checking.
struct TypedStatement {
    indirect enum Kind {
        case block(TypedBlock)
        case assignment(TypedExpression, TypedExpression)
        case call(TypedCall)
        case declaration(Variable, TypedExpression?)
        case conditional(TypedExpression, TypedBlock, else: TypedBlock?)
        case switchOnAction(TypedCall, [ActionCase])
        case switchOnValue(TypedExpression, [ValueCase])
        case loop(TypedLoop)
        case `break`, `continue`, exit
        case `return`(TypedExpression?)
    }

    let kind: Kind
    let range: SourceRange

    /// `labels` without any stand for `default`.
    struct ActionCase {
        let actions: [TableActionSymbol]
        let isDefault: Bool
        let body: TypedBlock
    }

    struct ValueCase {
        let values: [TypedExpression]
        let isDefault: Bool
        let body: TypedBlock
    }
}

struct TypedBlock {
    var statements: [TypedStatement] = []
}

/// `for (initial; condition; updates) body`; a `for … in` is written as one.
struct TypedLoop {
    let initial: [TypedStatement]
    let condition: TypedExpression
    let updates: [TypedStatement]
    let body: TypedBlock
}
