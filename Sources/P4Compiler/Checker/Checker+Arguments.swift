// SPDX-License-Identifier: Apache-2.0

internal import TextLayout

extension Checker {
    /// A call's arguments in the order of the parameters, and what stands for the type parameters.
    struct Match {
        let arguments: [TypedExpression?]
        let typeArguments: [P4Type]
        let inference: Inference
    }

    /// Matches the arguments of a call with a signature: order and names, inference, directions, conversions.
    func match(
        _ call: Expression.Call, _ signature: Signature, _ outer: Inference, expecting expected: P4Type?,
        at range: SourceRange, isAction: Bool = false
    ) -> Match? {
        guard var inference = bindExplicit(call, signature, outer) else { return nil }
        guard let ordered = order(call.arguments, for: signature.parameters, at: call.argumentsRange) else {
            for argument in call.arguments { _ = check(argument.value) }
            return nil
        }
        guard let typed = infer(ordered, signature, &inference) else { return nil }
        if let expected, signature.typeParameters.contains(where: { inference.bindings[$0] == nil }) {
            _ = inference.unify(signature.result, with: expected)
        }
        guard isInferred(signature, inference, at: call.callee.range) else { return nil }
        var arguments: [TypedExpression?] = []
        var isValid = true
        for (parameter, argument) in zip(signature.parameters, typed) {
            guard let argument else {
                arguments.append(parameter.defaultValue)
                continue
            }
            let passed = pass(argument, to: parameter, as: inference.apply(parameter.type), isAction: isAction)
            if passed.isInvalid { isValid = false }
            arguments.append(passed)
        }
        guard isValid else { return nil }
        let typeArguments = signature.typeParameters.map { inference.bindings[$0] ?? .dontCare }
        return Match(arguments: arguments, typeArguments: typeArguments, inference: inference)
    }

    private func bindExplicit(_ call: Expression.Call, _ signature: Signature, _ outer: Inference) -> Inference? {
        guard !call.typeArguments.isEmpty else { return outer }
        guard call.typeArguments.count == signature.typeParameters.count else {
            error(
                "expected \(counted(signature.typeParameters.count, "type argument")), found \(call.typeArguments.count)",
                at: call.callee.range)
            return nil
        }
        var inference = outer
        for (parameter, syntax) in zip(signature.typeParameters, call.typeArguments) {
            let type = resolve(syntax)
            if type.isInvalid { return nil }
            if type != .dontCare { _ = inference.unify(.parameter(parameter), with: type) }
        }
        return inference
    }

    /// One argument or nil a parameter; nil after an error about count or names.
    func order(_ arguments: [Argument], for parameters: [Variable], at range: SourceRange) -> [Argument?]? {
        var ordered: [Argument?] = Array(repeating: nil, count: parameters.count)
        var position = 0
        for argument in arguments {
            var index = position
            if let name = argument.name {
                guard let found = parameters.firstIndex(where: { $0.name == name.text }) else {
                    let hint = NearName.didYouMean(name.text, among: parameters.map(\.name))
                    error("there is no parameter '\(name)'" + hint, at: name.range)
                    return nil
                }
                index = found
            }
            guard index < parameters.count else { break }
            if ordered[index] != nil {
                error("parameter '\(parameters[index].name)' gets two arguments", at: argument.range)
                return nil
            }
            ordered[index] = argument
            position += 1
        }
        let missing = zip(parameters, ordered).filter { $1 == nil && $0.defaultValue == nil && !$0.isOptional }.map(\.0)
        if arguments.count > parameters.count || !missing.isEmpty {
            let names = missing.isEmpty ? "" : ": none for " + missing.map { "'\($0.name)'" }.joined(separator: ", ")
            error(
                "expected \(counted(parameters.count, "argument")), found \(arguments.count)" + names, at: range)
            return nil
        }
        return ordered
    }

    private func infer(_ ordered: [Argument?], _ signature: Signature, _ inference: inout Inference)
        -> [TypedExpression?]?
    {
        var typed: [TypedExpression?] = []
        var isValid = true
        for (parameter, argument) in zip(signature.parameters, ordered) {
            guard let argument else {
                typed.append(nil)
                continue
            }
            let wanted = inference.apply(parameter.type)
            let value = check(argument.value, expecting: wanted.isOpen ? nil : wanted)
            if value.isInvalid { isValid = false }
            if wanted.isOpen, value.type != .dontCare, !inference.unify(parameter.type, with: value.type) {
                reportMismatch(value, wanted, inference)
                isValid = false
            }
            typed.append(value)
        }
        return isValid ? typed : nil
    }

    func reportMismatch(_ value: TypedExpression, _ wanted: P4Type, _ inference: Inference) {
        if case .block(let block) = value.type, case .blockType(let symbol, let arguments) = wanted {
            var trial = inference
            if let reason = trial.mismatch(of: block, with: symbol, arguments) {
                error("'\(block.name)' doesn't fit \(symbol.name): \(reason)", at: value.range)
                return
            }
        }
        error("expected \(wanted), found \(value.type)", at: value.range)
    }

    private func isInferred(_ signature: Signature, _ inference: Inference, at range: SourceRange) -> Bool {
        for parameter in signature.typeParameters where inference.bindings[parameter] == nil {
            // A parameter of optional arguments alone may stay open.
            let isUsed = signature.parameters.contains { $0.type == .parameter(parameter) && !$0.isOptional }
            guard isUsed || signature.result == .parameter(parameter) else { continue }
            error("what '\(parameter.name)' is can't be inferred: write it between < and > after the name", at: range)
            return false
        }
        return true
    }

    /// An argument as a parameter takes it, by its direction (§6.8).
    func pass(_ argument: TypedExpression, to parameter: Variable, as type: P4Type, isAction: Bool = false)
        -> TypedExpression
    {
        switch parameter.direction {
        case .in:
            if case .ignored = argument.kind {
                return refuse("'_' stands for an out argument only", at: argument.range)
            }
            return convert(argument, to: type)
        case .out, .inout:
            if case .ignored = argument.kind, parameter.direction == .out {
                return TypedExpression(.ignored, type, at: argument.range)
            }
            if let problem = lvalueProblem(argument) {
                return refuse(
                    "parameter '\(parameter.name)' is \(parameter.direction.rawValue): " + problem, at: argument.range)
            }
            guard argument.type == type || type.isOpen else {
                return refuse(
                    "the argument of \(parameter.direction.rawValue) parameter '\(parameter.name)' must be \(type), found "
                        + "\(argument.type)", at: argument.range)
            }
            return argument
        case .none:
            let value = convert(argument, to: type)
            if isAction || value.isInvalid { return value }
            switch value.type {
            case .extern, .block, .blockType, .package, .dontCare: return value
            default: break
            }
            guard value.isCompileTimeKnown else {
                return refuse("the argument of '\(parameter.name)' must be known at compile time", at: argument.range)
            }
            return value
        }
    }

    /// Why an expression can't be written to; nil if it can.
    func lvalueProblem(_ expression: TypedExpression) -> String? {
        switch expression.kind {
        case .variable(let variable):
            switch variable.role {
            case .local, .parameter(.out), .parameter(.inout): return nil
            case .parameter(.in): return "'\(variable.name)' is an in parameter and can't be changed"
            case .parameter(.none): return "'\(variable.name)' is a parameter without direction and can't be changed"
            case .constructorParameter: return "'\(variable.name)' is known at compile time and can't be changed"
            }
        case .member(let base, _), .element(let base, _), .slice(let base, _, _), .stackNext(let base),
            .stackLast(let base):
            return lvalueProblem(base)
        case .invalid: return nil
        case .constant: return "a constant can't be changed"
        case .stackLastIndex: return "'lastIndex' can't be changed"
        default: return "something that can be assigned to is needed here"
        }
    }
}

extension TypedExpression {
    /// Whether its value is known when the program is compiled, parameters of constructors included.
    var isCompileTimeKnown: Bool {
        switch kind {
        case .constant, .invalid, .instance, .construction, .invalidHeader: true
        case .variable(let variable): variable.role == .constructorParameter
        case .list(let elements): elements.allSatisfy(\.isCompileTimeKnown)
        case .cast(let operand), .unary(_, let operand), .slice(let operand, _, _), .member(let operand, _):
            operand.isCompileTimeKnown
        case .binary(_, let left, let right): left.isCompileTimeKnown && right.isCompileTimeKnown
        case .conditional(let condition, let first, let second):
            condition.isCompileTimeKnown && first.isCompileTimeKnown && second.isCompileTimeKnown
        default: false
        }
    }
}

extension P4Type {
    /// Bits that a value takes on the wire, at least or (`largest`) at most; nil for a type that has no size.
    func sizeInBits(largest: Bool) -> Int? {
        switch self {
        case .varbit(let width): return largest ? width : 0
        case .error, .enumeration: return width
        case .record(let record) where record.flavour == .headerUnion:
            let sizes = record.fields.compactMap { $0.type.sizeInBits(largest: largest) }
            return largest ? sizes.max() : sizes.min()
        default:
            if let width { return width }
            guard let members else { return nil }
            var total = 0
            for member in members {
                guard let size = member.sizeInBits(largest: largest) else { return nil }
                total += size
            }
            return total
        }
    }
}
