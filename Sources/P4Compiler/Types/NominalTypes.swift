// SPDX-License-Identifier: Apache-2.0

/// A thing the program declares by name: two of them are the same only if they are one object.
class Symbol: Hashable {
    let name: String
    let range: SourceRange

    init(name: String, range: SourceRange) {
        self.name = name
        self.range = range
    }

    static func == (left: Symbol, right: Symbol) -> Bool { left === right }
    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// A struct, header or header union; one object for each list of type arguments of a generic one.
final class RecordType: Symbol {
    struct Field {
        let name: String
        let type: P4Type
        let annotations: [Annotation]
        /// Numbers of `@field_list(…)`: the lists of metadata that copies of a packet keep (v1model).
        let fieldLists: [Int]
        let range: SourceRange
    }

    let flavour: StructureDeclaration.Flavour
    let arguments: [P4Type]
    let annotations: [Annotation]
    /// Set once, right after the object: a field's type is looked at only when the declaration before it is done.
    var fields: [Field] = [] {
        didSet {
            leafCount = fields.reduce(0) { min(Self.maximumLeaves + 1, $0 + $1.type.leafCount) }
            depth = 1 + (fields.map(\.type.depth).max() ?? 0)
        }
    }

    init(
        name: String, range: SourceRange, flavour: StructureDeclaration.Flavour, arguments: [P4Type] = [],
        annotations: [Annotation] = []
    ) {
        self.flavour = flavour
        self.arguments = arguments
        self.annotations = annotations
        super.init(name: name, range: range)
    }

    func index(of name: String) -> Int? { fields.firstIndex { $0.name == name } }
    var description: String { name + P4Type.list(arguments) }

    /// Scalars and headers in it, all levels; and how many levels there are. Both are bounded, so that a program can't
    /// make the compiler run out of time or stack.
    private(set) var leafCount = 0
    private(set) var depth = 1
    static let maximumLeaves = 1 << 15
    static let maximumDepth = 64

    /// Bits of a header or struct of scalars; a varbit counts 0 (see `hasVarbit`).
    var fixedBits: Int {
        fields.reduce(0) { $0 + ($1.type.width ?? $1.type.record?.fixedBits ?? 0) }
    }

    var hasVarbit: Bool {
        fields.contains { if case .varbit = $0.type { true } else { $0.type.record?.hasVarbit ?? false } }
    }
}

/// An `enum`, with or without an underlying type.
final class EnumType: Symbol {
    struct Member {
        let name: String
        /// The declared value with an underlying type, else the place in the declaration.
        let value: Constant
        let range: SourceRange
    }

    var underlying: P4Type?
    var members: [Member] = []

    func member(_ name: String) -> Member? { members.first { $0.name == name } }
}

/// `type T Name;`: like `T`, but neither converts to the other without a cast.
final class DistinctType: Symbol {
    let target: P4Type

    init(name: String, range: SourceRange, target: P4Type) {
        self.target = target
        super.init(name: name, range: range)
    }
}

/// `T` of a generic declaration.
final class TypeParameterSymbol: Symbol {}
