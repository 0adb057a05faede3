// SPDX-License-Identifier: Apache-2.0

/// What a parser or control looks like from outside: its type when declared alone (`control C<T>(…);`).
struct BlockPrototype: Sendable {
    let typeParameters: [TypeParameter]
    let parameters: [Parameter]
}

struct ParserDeclaration: Sendable {
    let prototype: BlockPrototype
    let constructorParameters: [Parameter]
    /// Constants, variables, instances and value sets, in order.
    let locals: [Declaration]
    let states: [ParserState]
}

struct ParserState: Sendable {
    let id: NodeID
    let annotations: [Annotation]
    let name: Name
    let statements: [Statement]
    /// Without one the state goes to `reject`.
    let transition: Transition?
    let range: SourceRange
}

struct Transition: Sendable {
    enum Target: Sendable {
        case state(Name)
        case select([Expression], [SelectCase])
    }

    let target: Target
    let range: SourceRange
}

/// `keys: state;` inside `select`.
struct SelectCase: Sendable {
    /// One per selected expression, or a single `.defaultKey` / `.dontCare` / value-set name that stands for all.
    let keys: [Expression]
    /// From the first key to the last, parentheses included.
    let keysRange: SourceRange
    let state: Name
    let range: SourceRange
}

struct ControlDeclaration: Sendable {
    let prototype: BlockPrototype
    let constructorParameters: [Parameter]
    /// Constants, variables, instances, actions and tables, in order.
    let locals: [Declaration]
    let apply: Block
}
