// SPDX-License-Identifier: Apache-2.0

extension Checker {
    /// The widest value that is accepted; wider ones are surely a mistake, and an instruction can't name them.
    static let maximumWidth = 1 << 15

    func resolve(_ syntax: TypeSyntax) -> P4Type {
        switch syntax.kind {
        case .void: .void
        case .bool: .bool
        case .integer: .integer
        case .string: .string
        case .error: .error
        case .matchKind: .matchKind
        case .bit(let width): resolveWidth(width, minimum: 0).map(P4Type.bits) ?? .invalid
        case .signed(let width): resolveWidth(width, minimum: 1).map(P4Type.signed) ?? .invalid
        case .varbit(let width): resolveWidth(width, minimum: 0).map(P4Type.varbit) ?? .invalid
        case .named(let path): resolve(path, arguments: [], at: syntax.range)
        case .specialized(let base, let arguments): resolve(specialized: base, arguments, at: syntax.range)
        case .stack(let element, let size): resolve(stackOf: element, size: size)
        case .tuple(let types): .tuple(types.map(resolve))
        case .list(let element): .list(resolve(element))
        case .dontCare: .dontCare
        case .invalid: .invalid
        }
    }

    private func resolveWidth(_ expression: Expression?, minimum: Int) -> Int? {
        guard let expression else { return 1 }
        guard let width = constantInteger(expression, of: "a width") else { return nil }
        guard (minimum...Self.maximumWidth).contains(width) else {
            error("a width of \(width) is not between \(minimum) and \(Self.maximumWidth)", at: expression.range)
            return nil
        }
        return width
    }

    /// The value of an expression that must be a whole number known at compile time; nil after an error.
    func constantInteger(_ expression: Expression, of purpose: String) -> Int? {
        let typed = check(expression)
        guard !typed.isInvalid else { return nil }
        guard typed.type.underlying.isNumeric, let number = typed.constant?.number else {
            error("\(purpose) must be a number known at compile time", at: expression.range)
            return nil
        }
        guard let value = Int(exactly: number), abs(value) <= Int(Int32.max) else {
            error("\(number) is too large for \(purpose)", at: expression.range)
            return nil
        }
        return value
    }

    private func resolve(stackOf element: TypeSyntax, size: Expression) -> P4Type {
        let type = resolve(element)
        guard let count = constantInteger(size, of: "the size of a header stack"), !type.isInvalid else {
            return .invalid
        }
        guard type.isHeader || type.isUnion else {
            error("a header stack is made of headers, not of \(type)", at: element.range)
            return .invalid
        }
        guard (1...1024).contains(count) else {
            error("a header stack of \(count) elements is not possible: 1 to 1024 are", at: size.range)
            return .invalid
        }
        return .stack(type, size: count)
    }

    private func resolve(specialized base: TypeSyntax, _ arguments: [TypeSyntax], at range: SourceRange) -> P4Type {
        guard case .named(let path) = base.kind else {
            if case .invalid = base.kind { return .invalid }
            error("this type takes no type arguments", at: range)
            return .invalid
        }
        return resolve(path, arguments: arguments.map(resolve), at: range)
    }

    private func resolve(_ path: PathName, arguments: [P4Type], at range: SourceRange) -> P4Type {
        guard let binding = lookUp(path, expected: "type") else { return .invalid }
        if arguments.contains(where: \.isInvalid) { return .invalid }
        switch binding {
        case .type(let type):
            return hasCount(arguments, 0, of: path, at: range) ? type : .invalid
        case .genericRecord(let generic):
            let count = generic.structure.typeParameters.count
            return hasCount(arguments, count, of: path, at: range) ? .record(record(generic, arguments)) : .invalid
        case .extern(let symbol):
            return hasCount(arguments, symbol.typeParameters.count, of: path, at: range)
                ? .extern(symbol, arguments) : .invalid
        case .block(let symbol):
            return hasCount(arguments, 0, of: path, at: range) ? .block(symbol) : .invalid
        case .blockType(let symbol):
            let count = symbol.signature.typeParameters.count
            return hasCount(arguments, count, of: path, at: range) ? .blockType(symbol, arguments) : .invalid
        case .package(let symbol):
            let count = symbol.signature.typeParameters.count
            // Arguments of a package may be inferred: without any they are left open.
            let known = arguments.isEmpty ? Array(repeating: .dontCare, count: count) : arguments
            return hasCount(known, count, of: path, at: range) ? .package(symbol, known) : .invalid
        default:
            error("'\(path)' is \(binding.kind), not a type", at: range)
            return .invalid
        }
    }

    private func hasCount(_ arguments: [P4Type], _ count: Int, of path: PathName, at range: SourceRange) -> Bool {
        if arguments.count == count { return true }
        error("'\(path)' takes \(counted(count, "type argument")), found \(arguments.count)", at: range)
        return false
    }
}

/// `1 argument`, `2 arguments`, `no arguments`.
func counted(_ count: Int, _ noun: String) -> String {
    count == 0 ? "no \(noun)s" : count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
}
