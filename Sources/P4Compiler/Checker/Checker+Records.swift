// SPDX-License-Identifier: Apache-2.0

import BigInt

extension Checker {
    func declare(structure: StructureDeclaration, _ declaration: Declaration) {
        guard structure.typeParameters.isEmpty else {
            let generic = GenericRecord(declaration: declaration, structure: structure, scope: scope)
            declare(declaration.name, .genericRecord(generic))
            return
        }
        let type = RecordType(
            name: declaration.name.text, range: declaration.name.range, flavour: structure.flavour,
            annotations: declaration.annotations)
        fill(type, from: structure)
        declare(declaration.name, .type(.record(type)))
    }

    /// The instance of a generic record for some type arguments.
    func record(_ generic: GenericRecord, _ arguments: [P4Type]) -> RecordType {
        if let known = generic.instances[arguments] { return known }
        let name = generic.declaration.name
        let type = RecordType(
            name: name.text, range: name.range, flavour: generic.structure.flavour, arguments: arguments,
            annotations: generic.declaration.annotations)
        generic.instances[arguments] = type
        let outer = scope
        scope = Scope(parent: generic.scope)
        for (parameter, argument) in zip(generic.structure.typeParameters, arguments) {
            declare(parameter.name, .type(argument))
        }
        fill(type, from: generic.structure)
        scope = outer
        return type
    }

    private func fill(_ type: RecordType, from structure: StructureDeclaration) {
        var fields: [RecordType.Field] = []
        var seen: [String: SourceRange] = [:]
        for field in structure.fields {
            if let earlier = seen[field.name.text] {
                error(
                    "field '\(field.name)' is declared twice", at: field.name.range,
                    notes: [Diagnostic.Note("the first declaration is here", at: earlier)])
                continue
            }
            seen[field.name.text] = field.name.range
            var resolved = resolve(field.type)
            if resolved.depth >= RecordType.maximumDepth {
                error("structures are nested more than \(RecordType.maximumDepth) levels deep", at: field.type.range)
                resolved = .invalid
            } else if !resolved.isInvalid, let problem = problem(ofField: resolved, in: structure.flavour) {
                error(
                    "field '\(field.name)' of \(type.flavour.rawValue) '\(type.name)' \(problem)", at: field.type.range)
                resolved = .invalid
            }
            fields.append(
                RecordType.Field(
                    name: field.name.text, type: resolved, annotations: field.annotations,
                    fieldLists: fieldLists(field.annotations), range: field.name.range))
        }
        type.fields = fields
        if type.leafCount > RecordType.maximumLeaves {
            error(
                "'\(type.name)' has more than \(RecordType.maximumLeaves) fields, those inside included", at: type.range
            )
            type.fields = []
        }
        let varbits = type.fields.count { if case .varbit = $0.type { true } else { false } }
        if varbits > 1 { error("header '\(type.name)' has more than one varbit field", at: type.range) }
    }

    private func fieldLists(_ annotations: [Annotation]) -> [Int] {
        annotations.filter { $0.name.text == "field_list" }.flatMap(\.expressions).compactMap {
            constantInteger($0, of: "the number of a field list")
        }
    }

    /// Why a type can't be that of a field (§7.2.2 to §7.2.5).
    private func problem(ofField type: P4Type, in flavour: StructureDeclaration.Flavour) -> String? {
        if case .parameter = type { return nil }
        switch flavour {
        case .structure:
            return type.isStorable ? nil : "can't be of type \(type)"
        case .headerUnion:
            return type.isHeader ? nil : "must be a header, not \(type)"
        case .header:
            switch type.underlying {
            case .bits, .signed, .varbit, .bool: return nil
            case .enumeration(let enumeration):
                return enumeration.underlying != nil ? nil : "can't be of enum \(type), which has no underlying type"
            case .record(let record) where record.flavour == .structure:
                return record.fields.lazy.compactMap { self.problem(ofField: $0.type, in: .header) }.first
            default: return "can't be of type \(type)"
            }
        }
    }

    func declare(enumeration: EnumDeclaration, _ declaration: Declaration) {
        let type = EnumType(name: declaration.name.text, range: declaration.name.range)
        if let syntax = enumeration.underlying {
            let underlying = resolve(syntax)
            switch underlying.underlying {
            case .bits, .signed, .invalid: type.underlying = underlying
            default:
                error("an enum's underlying type is bit<W> or int<W>, not \(underlying)", at: syntax.range)
                type.underlying = .invalid
            }
        }
        for (index, member) in enumeration.members.enumerated() {
            if let earlier = type.member(member.name.text) {
                error(
                    "'\(member.name)' is declared twice", at: member.name.range,
                    notes: [Diagnostic.Note("the first declaration is here", at: earlier.range)])
                continue
            }
            let value = value(of: member, index: index, in: type)
            type.members.append(EnumType.Member(name: member.name.text, value: value, range: member.name.range))
        }
        declare(declaration.name, .type(.enumeration(type)))
    }

    private func value(of member: EnumMember, index: Int, in type: EnumType) -> Constant {
        guard let underlying = type.underlying else {
            if let value = member.value {
                error("enum '\(type.name)' has no underlying type, so its members have no values", at: value.range)
            }
            return .integer(BigInt(index))
        }
        guard let value = member.value else {
            error(
                "'\(member.name)' needs a value: enum '\(type.name)' has the underlying type \(underlying)",
                at: member.name.range)
            return .integer(BigInt(index))
        }
        let typed = check(value, as: underlying)
        if let constant = typed.constant { return constant }
        if !typed.isInvalid { error("the value of '\(member.name)' must be known at compile time", at: value.range) }
        return .integer(BigInt(index))
    }

    /// Adds to `error` or `match_kind`, whose members several declarations may list.
    func declare(members: [EnumMember], to known: inout [String], of name: String) {
        for member in members {
            if known.contains(member.name.text) {
                error("\(name) '\(member.name)' is declared twice", at: member.name.range)
            } else {
                known.append(member.name.text)
            }
        }
    }
}
