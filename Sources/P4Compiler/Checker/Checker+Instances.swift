// SPDX-License-Identifier: Apache-2.0

extension Checker {
    /// The type that `T<A>(…)` makes an object of.
    func resolveConstructed(_ syntax: TypeSyntax, _ arguments: [TypeSyntax]) -> P4Type {
        if case .named(let path) = syntax.kind, arguments.isEmpty,
            case .extern(let symbol)? = (path.isAbsolute ? scope.root : scope).lookUp(path.text)
        {
            // Type arguments of a constructor may be inferred.
            return .extern(symbol, Array(repeating: .dontCare, count: symbol.typeParameters.count))
        }
        guard !arguments.isEmpty else { return resolve(syntax) }
        return resolve(TypeSyntax(id: syntax.id, range: syntax.range, kind: .specialized(syntax, arguments)))
    }

    /// `T(arguments)` as a value.
    func construct(_ type: P4Type, _ arguments: [Argument], at range: SourceRange) -> TypedExpression {
        guard let instance = instance(of: type, arguments, name: Name("", at: range), annotations: [], at: range) else {
            return .invalid(at: range)
        }
        return TypedExpression(.construction(instance), instance.type, at: range)
    }

    /// A declared object: `T(arguments) name;`.
    func declare(instance: InstanceDeclaration, _ declaration: Declaration) {
        if place == .action || place == .function || place == .parserState || place == .control {
            error("an object can't be made in \(place.name): declare it before", at: declaration.name.range)
        }
        if instance.initializer != nil {
            error("not supported yet: an object with methods of its own", at: declaration.name.range)
        }
        let type = resolveConstructed(instance.type, [])
        guard
            let symbol = self.instance(
                of: type, instance.arguments, name: declaration.name, annotations: declaration.annotations,
                at: instance.argumentsRange)
        else {
            declare(declaration.name, .invalid)
            return
        }
        declare(declaration.name, .instance(symbol))
        if let block { block.instances.append(symbol) } else { instances.append(symbol) }
    }

    private func instance(
        of type: P4Type, _ arguments: [Argument], name: Name, annotations: [Annotation], at range: SourceRange
    ) -> InstanceSymbol? {
        let candidates: [Signature]
        var inference = Inference()
        switch type {
        case .extern(let symbol, let types):
            candidates = symbol.constructors
            inference = Inference(symbol.typeParameters, types)
        case .block(let symbol): candidates = [Signature(parameters: symbol.constructorParameters)]
        case .package(let symbol, let types):
            candidates = [symbol.signature]
            inference = Inference(symbol.signature.typeParameters, types)
        case .invalid: candidates = []
        default:
            error("no object can be made of \(type)", at: range)
            candidates = []
        }
        guard let signature = candidates.first(where: { $0.accepts(count: arguments.count) }) ?? candidates.first,
            let ordered = order(arguments, for: signature.parameters, at: range),
            let values = constructorArguments(ordered, signature, &inference)
        else {
            if case .extern(let symbol, _) = type, candidates.isEmpty {
                error("no object can be made of extern '\(symbol.name)': it has no constructor", at: range)
            }
            return nil
        }
        return InstanceSymbol(
            name: name.text, range: name.range, type: complete(type, inference), arguments: values,
            annotations: annotations)
    }

    /// Checks the arguments of a constructor, all of which must be known at compile time.
    private func constructorArguments(_ ordered: [Argument?], _ signature: Signature, _ inference: inout Inference)
        -> [TypedExpression?]?
    {
        var values: [TypedExpression?] = []
        var isValid = true
        for (parameter, argument) in zip(signature.parameters, ordered) {
            guard let argument else {
                values.append(parameter.defaultValue)
                continue
            }
            let wanted = inference.apply(parameter.type)
            var value = check(argument.value, expecting: wanted.isOpen ? nil : wanted)
            if value.isInvalid {
                isValid = false
                continue
            }
            if case .block = value.type, !inference.unify(parameter.type, with: value.type) {
                reportMismatch(value, wanted, inference)
                isValid = false
            } else if wanted.isOpen, !inference.unify(parameter.type, with: value.type) {
                reportMismatch(value, wanted, inference)
                isValid = false
            } else if case .block = value.type {
            } else {
                value = pass(value, to: parameter, as: inference.apply(parameter.type))
                isValid = isValid && !value.isInvalid
            }
            values.append(value)
        }
        return isValid ? values : nil
    }

    private func complete(_ type: P4Type, _ inference: Inference) -> P4Type {
        switch type {
        case .extern(let symbol, _): .extern(symbol, symbol.typeParameters.map { inference.bindings[$0] ?? .dontCare })
        case .package(let symbol, _):
            .package(symbol, symbol.signature.typeParameters.map { inference.bindings[$0] ?? .dontCare })
        default: type
        }
    }
}
