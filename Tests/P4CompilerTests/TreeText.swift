// SPDX-License-Identifier: Apache-2.0

@testable import P4Compiler

/// Trees as fully parenthesised text, so that a test can see how operators and ambiguities were read.
enum TreeText {
    static func of(_ expression: Expression) -> String {
        switch expression.kind {
        case .integer(let literal):
            let prefix = literal.prefix.map { "\($0.width)\($0.isSigned ? "s" : "w")" } ?? ""
            return prefix + literal.value.description
        case .boolean(let value): return String(value)
        case .string(let text): return "\"\(text)\""
        case .name(let name): return name.description
        case .this: return "this"
        case .type(let type): return "type:" + of(type)
        case .dontCare: return "_"
        case .defaultKey: return "default"
        case .defaultValue: return "..."
        case .invalidHeader: return "{#}"
        case .list(let elements): return "{" + list(elements) + "}"
        case .structure(let fields, let isOpen):
            return "{" + (fields.map { "\($0.name)=\(of($0.value))" } + (isOpen ? ["..."] : [])).joined(separator: ", ")
                + "}"
        case .unary(let operation, let operand): return "(\(operation.rawValue)\(of(operand)))"
        case .binary(let operation, let left, let right): return "(\(of(left)) \(operation.rawValue) \(of(right)))"
        case .conditional(let condition, let first, let second):
            return "(\(of(condition)) ? \(of(first)) : \(of(second)))"
        case .cast(let type, let operand): return "cast<\(of(type))>(\(of(operand)))"
        case .parenthesized(let inner): return of(inner)
        case .member(let base, let name): return "\(of(base)).\(name)"
        case .index(let base, let index): return "\(of(base))[\(of(index))]"
        case .slice(let base, let high, let low): return "\(of(base))[\(of(high)):\(of(low))]"
        case .partSelect(let base, let low, let width): return "\(of(base))[\(of(low))+:\(of(width))]"
        case .call(let call):
            let types = call.typeArguments.isEmpty ? "" : "<\(call.typeArguments.map(of).joined(separator: ", "))>"
            let arguments = call.arguments.map { ($0.name.map { "\($0)=" } ?? "") + of($0.value) }
            return "\(of(call.callee))\(types)(\(arguments.joined(separator: ", ")))"
        case .invalid: return "invalid"
        }
    }

    static func list(_ expressions: [Expression]) -> String { expressions.map(of).joined(separator: ", ") }

    static func of(_ type: TypeSyntax) -> String {
        switch type.kind {
        case .void: "void"
        case .bool: "bool"
        case .integer: "int"
        case .string: "string"
        case .error: "error"
        case .matchKind: "match_kind"
        case .bit(let width): width.map { "bit<\(of($0))>" } ?? "bit"
        case .signed(let width): "int<\(of(width))>"
        case .varbit(let width): "varbit<\(of(width))>"
        case .named(let name): name.description
        case .specialized(let base, let arguments): "\(of(base))<\(arguments.map(of).joined(separator: ", "))>"
        case .stack(let base, let size): "\(of(base))[\(of(size))]"
        case .tuple(let elements): "tuple<\(elements.map(of).joined(separator: ", "))>"
        case .list(let element): "list<\(of(element))>"
        case .dontCare: "_"
        case .invalid: "invalid"
        }
    }
}
