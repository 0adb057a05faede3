// SPDX-License-Identifier: Apache-2.0

/// Headers, structs, enums, typedefs, externs, packages.
extension Parser {
    /// A header, header union, struct, enum or typedef.
    mutating func typeDeclaration(_ annotations: [Annotation], from start: Int) -> Declaration {
        switch kind {
        case .header: return structure(.header, annotations, from: start)
        case .headerUnion: return structure(.headerUnion, annotations, from: start)
        case .struct: return structure(.structure, annotations, from: start)
        case .enum: return enumeration(annotations, from: start)
        default: return typedef(annotations, from: start)
        }
    }

    private mutating func structure(
        _ flavour: StructureDeclaration.Flavour, _ annotations: [Annotation], from start: Int
    ) -> Declaration {
        advance()
        let name = expectName("a name for the \(flavour.rawValue)")
        scopes.declare(name, as: .type)
        scopes.begin()
        let types = typeParameters()
        var fields: [StructureDeclaration.Field] = []
        braced { fields.append($0.field()) }
        scopes.end()
        let structure = StructureDeclaration(flavour: flavour, typeParameters: types, fields: fields)
        return declaration(.structure(structure), name, annotations, from: start)
    }

    private mutating func field() -> StructureDeclaration.Field {
        let start = position
        let annotations = annotations()
        let type = type()
        let name = expectName("a field's name")
        expectSemicolon()
        return StructureDeclaration.Field(
            id: ids.make(), annotations: annotations, type: type, name: name, range: range(from: start))
    }

    // MARK: Enums, errors, match kinds

    private mutating func enumeration(_ annotations: [Annotation], from start: Int) -> Declaration {
        advance()
        let underlying = kind == .identifier && peek().kind == .leftBrace ? nil : type()
        let name = expectName("an enum's name")
        scopes.declare(name, as: .type)
        let enumeration = EnumDeclaration(underlying: underlying, members: members())
        return declaration(.enumeration(enumeration), name, annotations, from: start)
    }

    mutating func errorDeclaration(_ annotations: [Annotation], from start: Int) -> Declaration {
        let keyword = advance()
        let members = members()
        return declaration(.error(members: members), Name("error", at: keyword.range), annotations, from: start)
    }

    mutating func matchKindDeclaration(_ annotations: [Annotation], from start: Int) -> Declaration {
        let keyword = advance()
        let members = members()
        return declaration(
            .matchKind(members: members), Name("match_kind", at: keyword.range), annotations, from: start)
    }

    /// `{ a, b = 1, }`
    private mutating func members() -> [EnumMember] {
        let open = token
        guard expect(.leftBrace) else { return [] }
        var members: [EnumMember] = []
        while kind != .rightBrace, kind != .endOfFile {
            let annotations = annotations()
            let name = expectName("a member's name")
            let value = accept(.assign) ? expression() : nil
            members.append(EnumMember(id: ids.make(), annotations: annotations, name: name, value: value))
            guard accept(.comma) else { break }
        }
        expectClosing(.rightBrace, of: open)
        return members
    }

    // MARK: New names for types

    /// `type T Name;`, where `type` is a word like any other elsewhere, even a function's name.
    var isAtNewType: Bool { isWord("type") && peek().kind != .leftParenthesis }

    mutating func newTypeDeclaration(_ annotations: [Annotation], from start: Int) -> Declaration {
        advance()
        let type = type()
        let name = expectName("a type's name")
        expectSemicolon()
        scopes.declare(name, as: .type)
        return declaration(.newType(type), name, annotations, from: start)
    }

    private mutating func typedef(_ annotations: [Annotation], from start: Int) -> Declaration {
        advance()
        let inner = position
        let target: TypedefTarget
        let innerAnnotations = self.annotations()
        switch kind {
        case .header, .headerUnion, .struct, .enum:
            target = .declaration(typeDeclaration(innerAnnotations, from: inner))
        default: target = .type(type())
        }
        let name = expectName("a type's name")
        expectSemicolon()
        scopes.declare(name, as: .type)
        return declaration(.typedef(target), name, annotations, from: start)
    }

    // MARK: Externs and packages

    mutating func externDeclaration(_ annotations: [Annotation], from start: Int) -> Declaration {
        advance()
        return isAtExternObject ? externObject(annotations, from: start) : externFunction(annotations, from: start)
    }

    /// `Name {` or `Name<T> {`; `Name;` too, which only announces it.
    private var isAtExternObject: Bool {
        guard kind == .identifier else { return false }
        if peek().kind == .leftBrace || peek().kind == .semicolon { return true }
        guard peek().kind == .less else { return false }
        var index = position + 2
        while token(at: index).kind == .identifier || token(at: index).kind == .comma { index += 1 }
        return token(at: index).kind == .greater && token(at: index + 1).kind == .leftBrace
    }

    private mutating func externFunction(_ annotations: [Annotation], from start: Int) -> Declaration {
        scopes.begin()
        let (name, prototype) = functionPrototype()
        scopes.end()
        scopes.declare(name, as: .value)
        expectSemicolon()
        return declaration(.externFunction(prototype), name, annotations, from: start)
    }

    private mutating func externObject(_ annotations: [Annotation], from start: Int) -> Declaration {
        let name = expectName("an extern's name")
        scopes.declare(name, as: .type)
        scopes.begin()
        let types = typeParameters()
        var methods: [ExternDeclaration.Method] = []
        if !accept(.semicolon) { braced { methods.append($0.method(of: name)) } }
        scopes.end()
        let object = ExternDeclaration(typeParameters: types, methods: methods)
        return declaration(.externObject(object), name, annotations, from: start)
    }

    private mutating func method(of object: Name) -> ExternDeclaration.Method {
        let start = position
        let annotations = annotations()
        let isAbstract = accept(.abstract)
        let isConstructor = kind == .identifier && token.text == object.text && peek().kind == .leftParenthesis
        scopes.begin()
        let name: Name
        let prototype: FunctionPrototype
        if isConstructor {
            name = expectName()
            let result = TypeSyntax(id: ids.make(), range: name.range, kind: .void)
            prototype = FunctionPrototype(result: result, typeParameters: [], parameters: parameters())
        } else {
            (name, prototype) = functionPrototype()
        }
        scopes.end()
        expectSemicolon()
        return ExternDeclaration.Method(
            id: ids.make(), annotations: annotations, isConstructor: isConstructor, isAbstract: isAbstract, name: name,
            prototype: prototype, range: range(from: start))
    }

    mutating func packageDeclaration(_ annotations: [Annotation], from start: Int) -> Declaration {
        advance()
        let name = expectName("a package's name")
        scopes.declare(name, as: .type)
        scopes.begin()
        let types = typeParameters()
        let parameters = parameters()
        scopes.end()
        expectSemicolon()
        let package = PackageDeclaration(typeParameters: types, parameters: parameters)
        return declaration(.package(package), name, annotations, from: start)
    }
}
