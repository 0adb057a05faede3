// SPDX-License-Identifier: Apache-2.0

/// Anything that introduces a name, at the top level or inside a parser, control, extern or block.
final class Declaration: Sendable {
    indirect enum Kind: Sendable {
        case constant(type: TypeSyntax, value: Expression)
        case variable(type: TypeSyntax, value: Expression?)
        case instance(InstanceDeclaration)
        case function(FunctionDeclaration)
        case action(ActionDeclaration)
        case externObject(ExternDeclaration)
        /// `extern` function at the top level: a prototype without body.
        case externFunction(FunctionPrototype)
        case parser(ParserDeclaration)
        case parserType(BlockPrototype)
        case control(ControlDeclaration)
        case controlType(BlockPrototype)
        case package(PackageDeclaration)
        case structure(StructureDeclaration)
        case enumeration(EnumDeclaration)
        /// `error { … }`: has no name of its own; all such declarations share one set of members.
        case error(members: [EnumMember])
        /// `match_kind { … }`: likewise.
        case matchKind(members: [EnumMember])
        case typedef(TypedefTarget)
        /// `type T Name;`: a new type, unlike `typedef`.
        case newType(TypeSyntax)
        case valueSet(element: TypeSyntax, size: Expression)
        case table(TableDeclaration)
    }

    let id: NodeID
    /// The complete declaration with its annotations; `name.range` is the short one for messages.
    let range: SourceRange
    /// For `error` and `match_kind` the keyword itself.
    let name: Name
    let annotations: [Annotation]
    let kind: Kind

    init(id: NodeID, range: SourceRange, name: Name, annotations: [Annotation], kind: Kind) {
        self.id = id
        self.range = range
        self.name = name
        self.annotations = annotations
        self.kind = kind
    }
}

/// What a typedef gives another name to: a type, or a header/struct/enum declared in place.
enum TypedefTarget: Sendable {
    case type(TypeSyntax)
    case declaration(Declaration)
}

/// `Type(arguments) name;` with, for externs that have abstract methods, a block that implements them.
struct InstanceDeclaration: Sendable {
    let type: TypeSyntax
    let arguments: [Argument]
    let argumentsRange: SourceRange
    /// Functions and further instances of `= { … }`; nil without that block.
    let initializer: [Declaration]?
}

/// `<T, U>`: one name of it.
struct TypeParameter: Sendable {
    let id: NodeID
    let name: Name
}

/// One parameter of a callable, parser, control, action or package.
struct Parameter: Sendable {
    enum Direction: String, Sendable {
        /// No direction: a constant at compile time, or set by the control plane (actions).
        case none = ""
        case `in`, out, `inout`
    }

    let id: NodeID
    let annotations: [Annotation]
    let direction: Direction
    let type: TypeSyntax
    let name: Name
    let defaultValue: Expression?
    let range: SourceRange
}

/// Result, type parameters and parameters of a function, method or constructor.
struct FunctionPrototype: Sendable {
    let result: TypeSyntax
    let typeParameters: [TypeParameter]
    let parameters: [Parameter]
}

struct FunctionDeclaration: Sendable {
    let prototype: FunctionPrototype
    let body: Block
}

struct ActionDeclaration: Sendable {
    let parameters: [Parameter]
    let body: Block
}

/// `extern Name<T> { constructor and methods }`
struct ExternDeclaration: Sendable {
    let typeParameters: [TypeParameter]
    let methods: [Method]

    struct Method: Sendable {
        let id: NodeID
        let annotations: [Annotation]
        /// Has the extern's own name and the result `void`.
        let isConstructor: Bool
        let isAbstract: Bool
        let name: Name
        let prototype: FunctionPrototype
        let range: SourceRange
    }
}

/// `package Name<T>(parameters);`
struct PackageDeclaration: Sendable {
    let typeParameters: [TypeParameter]
    let parameters: [Parameter]
}
