// SPDX-License-Identifier: Apache-2.0

/// A match-action table; its properties stay in the order written, repeated ones too (the checker refuses those).
struct TableDeclaration: Sendable {
    let properties: [TableProperty]

    var keys: [TableKey]? {
        for case .keys(let keys) in properties.lazy.map(\.kind) { return keys }
        return nil
    }

    var actions: [TableAction]? {
        for case .actions(let actions) in properties.lazy.map(\.kind) { return actions }
        return nil
    }

    /// The value of a property written `name = value`, such as `size`, `default_action` or `counters`.
    func property(_ name: String) -> TableProperty? {
        properties.first { property in
            if case .value = property.kind { property.name.text == name } else { false }
        }
    }
}

struct TableProperty: Sendable {
    enum Kind: Sendable {
        case keys([TableKey])
        case actions([TableAction])
        case entries([TableEntry])
        /// Any other property: `default_action`, `size`, `implementation`, `counters`, `meters`, …
        /// `default_action`'s value is a name or a call.
        case value(Expression)
    }

    let id: NodeID
    let annotations: [Annotation]
    let isConstant: Bool
    let name: Name
    let kind: Kind
    let range: SourceRange
}

/// `expression: match_kind @name("…");`
struct TableKey: Sendable {
    let id: NodeID
    let expression: Expression
    let matchKind: PathName
    let annotations: [Annotation]
    let range: SourceRange
}

/// One element of `actions = { … }`: a name, or a call that binds some leading arguments.
struct TableAction: Sendable {
    let id: NodeID
    let annotations: [Annotation]
    let reference: Expression
}

/// `[const] [priority=n:] keys : action(arguments) @annotations;`
struct TableEntry: Sendable {
    let id: NodeID
    let isConstant: Bool
    /// From `priority = n:`; the older `@priority(n)` is found among the annotations.
    let priority: Expression?
    let keys: [Expression]
    let keysRange: SourceRange
    let action: Expression
    let annotations: [Annotation]
    let range: SourceRange
}
