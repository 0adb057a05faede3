// SPDX-License-Identifier: Apache-2.0

/// A type of P4_16 (specification §7). Types that a program names are classes and equal only to themselves;
/// all others are equal when they are built alike. A `typedef` leaves no trace here.
indirect enum P4Type: Hashable {
    /// Of what could not be typed. It fits everywhere, so that one mistake is reported once.
    case invalid
    case void
    case bool
    case string
    /// `error`, whose members all `error { … }` declarations share.
    case error
    case matchKind
    /// `int` without a width: whole numbers of any size, known at compile time.
    case integer
    case bits(Int)
    case signed(Int)
    case varbit(Int)
    case enumeration(EnumType)
    case record(RecordType)
    /// A header stack: the element is a header or a header union.
    case stack(P4Type, size: Int)
    /// A tuple, and the type of `{a, b}` before it meets the type that is expected there.
    case tuple([P4Type])
    /// The type of `{x = a, y = b}` before it meets the type that is expected there.
    case fields([NamedType])
    case list(P4Type)
    /// `type T Name;`
    case distinct(DistinctType)
    /// A type parameter inside the generic declaration it belongs to, and what stands for it until it is inferred.
    case parameter(TypeParameterSymbol)
    case extern(ExternSymbol, [P4Type])
    /// A parser or control declared with a body, as a type of instances.
    case block(BlockSymbol)
    /// `parser P<H>(…);` or `control C<H>(…);` with what stands for its type parameters.
    case blockType(BlockTypeSymbol, [P4Type])
    case package(PackageSymbol, [P4Type])
    /// The result of `t.apply()`: has `hit`, `miss` and `action_run`.
    case tableResult(TableSymbol)
    /// The type of `t.apply().action_run`.
    case actionRun(TableSymbol)
    /// `_` in place of a value or type argument.
    case dontCare
}

/// A field of a structure-valued expression.
struct NamedType: Hashable {
    let name: String
    let type: P4Type
}

extension P4Type {
    var isInvalid: Bool { self == .invalid }

    /// The type below any `type T Name;`.
    var underlying: P4Type {
        var type = self
        while case .distinct(let distinct) = type { type = distinct.target }
        return type
    }

    /// Bits of a scalar that has a fixed number of them: what it takes in slots and on the wire.
    /// `error` and enums without an underlying type have 32, as v1model has it.
    var width: Int? {
        switch self {
        case .bool: 1
        case .bits(let width), .signed(let width): width
        case .error: 32
        case .enumeration(let type): type.underlying?.width ?? 32
        case .distinct(let type): type.target.width
        default: nil
        }
    }

    var isSigned: Bool {
        if case .signed = underlying { true } else { false }
    }

    /// `bit<W>`, `int<W>` and `int`.
    var isNumeric: Bool {
        switch self {
        case .bits, .signed, .integer: true
        default: false
        }
    }

    var isHeader: Bool {
        if case .record(let record) = self { record.flavour == .header } else { false }
    }

    var isUnion: Bool {
        if case .record(let record) = self { record.flavour == .headerUnion } else { false }
    }

    var record: RecordType? {
        if case .record(let record) = self { record } else { nil }
    }

    /// The types of the members of a structure, header, union, tuple or stack, in order; nil for others.
    var members: [P4Type]? {
        switch self {
        case .record(let record): record.fields.map(\.type)
        case .tuple(let types): types
        case .fields(let fields): fields.map(\.type)
        case .stack(let element, let size): Array(repeating: element, count: size)
        default: nil
        }
    }

    /// Scalars and headers in it.
    var leafCount: Int {
        switch self {
        case .record(let record): record.leafCount
        case .stack(let element, let size): min(RecordType.maximumLeaves + 1, element.leafCount * size)
        case .tuple(let types): types.reduce(0) { min(RecordType.maximumLeaves + 1, $0 + $1.leafCount) }
        case .distinct(let type): type.target.leafCount
        default: 1
        }
    }

    /// Levels of structures.
    var depth: Int {
        switch self {
        case .record(let record): record.depth
        case .stack(let element, _): 1 + element.depth
        case .tuple(let types): 1 + (types.map(\.depth).max() ?? 0)
        case .distinct(let type): 1 + type.target.depth
        default: 0
        }
    }

    /// Whether a value of this type can be stored in a variable.
    var isStorable: Bool {
        switch self {
        case .void, .string, .matchKind, .integer, .extern, .block, .blockType, .package, .tableResult, .actionRun,
            .dontCare, .list:
            false
        default: true
        }
    }
}

extension P4Type: CustomStringConvertible {
    /// As a P4 program writes it.
    var description: String {
        switch self {
        case .invalid: "an invalid type"
        case .void: "void"
        case .bool: "bool"
        case .string: "string"
        case .error: "error"
        case .matchKind: "match_kind"
        case .integer: "int"
        case .bits(let width): "bit<\(width)>"
        case .signed(let width): "int<\(width)>"
        case .varbit(let width): "varbit<\(width)>"
        case .enumeration(let type): type.name
        case .record(let type): type.description
        case .stack(let element, let size): "\(element)[\(size)]"
        case .tuple(let types): "tuple" + Self.list(types)
        case .fields(let fields): "{" + fields.map { "\($0.type) \($0.name)" }.joined(separator: ", ") + "}"
        case .list(let element): "list<\(element)>"
        case .distinct(let type): type.name
        case .parameter(let parameter): parameter.name
        case .extern(let symbol, let arguments): symbol.name + Self.list(arguments)
        case .block(let symbol): symbol.name
        case .blockType(let symbol, let arguments): symbol.name + Self.list(arguments)
        case .package(let symbol, let arguments): symbol.name + Self.list(arguments)
        case .tableResult(let table): "the result of \(table.name).apply()"
        case .actionRun(let table): "action_run of \(table.name)"
        case .dontCare: "_"
        }
    }

    static func list(_ types: [P4Type]) -> String {
        types.isEmpty ? "" : "<" + types.map(\.description).joined(separator: ", ") + ">"
    }
}
