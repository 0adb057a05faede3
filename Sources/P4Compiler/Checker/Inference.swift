// SPDX-License-Identifier: Apache-2.0

/// What stands for the type parameters of one generic call, found by matching parameter types with arguments.
struct Inference {
    private(set) var bindings: [TypeParameterSymbol: P4Type] = [:]

    init(_ parameters: [TypeParameterSymbol] = [], _ arguments: [P4Type] = []) {
        for (parameter, argument) in zip(parameters, arguments) where argument != .dontCare {
            bindings[parameter] = argument
        }
    }

    /// The type with all that is known put in.
    func apply(_ type: P4Type) -> P4Type {
        switch type {
        case .parameter(let parameter): bindings[parameter] ?? type
        case .tuple(let types): .tuple(types.map(apply))
        case .stack(let element, let size): .stack(apply(element), size: size)
        case .list(let element): .list(apply(element))
        case .extern(let symbol, let arguments): .extern(symbol, arguments.map(apply))
        case .blockType(let symbol, let arguments): .blockType(symbol, arguments.map(apply))
        case .package(let symbol, let arguments): .package(symbol, arguments.map(apply))
        default: type
        }
    }

    /// Makes a parameter's type fit an argument's by binding what is open in it; false if nothing does.
    /// A width found later takes the place of a plain `int`.
    mutating func unify(_ wanted: P4Type, with found: P4Type) -> Bool {
        if found.isInvalid || wanted == found { return true }
        switch (wanted, found) {
        case (.parameter(let parameter), _):
            guard let bound = bindings[parameter] else {
                bindings[parameter] = found
                return true
            }
            if bound == .integer, found.underlying.isNumeric { bindings[parameter] = found }
            return bound == found || bound == .integer || found == .integer || unify(bound, with: found)
        case (.tuple(let first), .tuple(let second)):
            return first.count == second.count && zip(first, second).allSatisfy { unify($0, with: $1) }
        case (.extern(let first, let arguments), .extern(let second, let others)):
            return first == second && zip(arguments, others).allSatisfy { unify($0, with: $1) }
        case (.package(let first, let arguments), .package(let second, let others)):
            return first == second && zip(arguments, others).allSatisfy { unify($0, with: $1) }
        case (.blockType(let symbol, let arguments), .block(let block)):
            return mismatch(of: block, with: symbol, arguments) == nil
        case (.dontCare, _): return true
        default: return false
        }
    }

    /// Why a parser or control doesn't fit a parser or control type; binds what is open in `arguments`.
    mutating func mismatch(of block: BlockSymbol, with type: BlockTypeSymbol, _ arguments: [P4Type]) -> String? {
        guard type.isParser == block.isParser else {
            return "'\(block.name)' is a \(block.isParser ? "parser" : "control")"
        }
        let wanted = type.signature.parameters
        guard wanted.count == block.parameters.count else {
            return "it has \(counted(block.parameters.count, "parameter")) and \(wanted.count) are expected"
        }
        let inner = Inference(type.signature.typeParameters, arguments)
        for (index, (parameter, own)) in zip(wanted, block.parameters).enumerated() {
            guard parameter.direction == own.direction else {
                let direction = parameter.direction == .none ? "no direction" : "'\(parameter.direction.rawValue)'"
                return "parameter \(index + 1), '\(own.name)', must have \(direction)"
            }
            guard unify(inner.apply(parameter.type), with: own.type) else {
                return "parameter \(index + 1), '\(own.name)', is of type \(own.type), and "
                    + "\(apply(inner.apply(parameter.type))) is expected"
            }
        }
        return nil
    }
}
