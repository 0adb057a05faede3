// SPDX-License-Identifier: Apache-2.0

/// A header, header union or struct.
struct StructureDeclaration: Sendable {
    enum Flavour: String, Sendable {
        case header
        case headerUnion = "header_union"
        case structure = "struct"
    }

    struct Field: Sendable {
        let id: NodeID
        let annotations: [Annotation]
        let type: TypeSyntax
        let name: Name
        let range: SourceRange
    }

    let flavour: Flavour
    let typeParameters: [TypeParameter]
    let fields: [Field]
}

/// `enum Name { a, b }`, or `enum bit<8> Name { a = 1, b = 2 }` with an underlying type.
struct EnumDeclaration: Sendable {
    let underlying: TypeSyntax?
    let members: [EnumMember]
}

/// A member of an enum, of `error` or of `match_kind`.
struct EnumMember: Sendable {
    let id: NodeID
    let annotations: [Annotation]
    let name: Name
    let value: Expression?
}
