// SPDX-License-Identifier: Apache-2.0

extension Checker {
    func check(topLevel declaration: Declaration) {
        switch declaration.kind {
        case .function(let function): declare(function: function, declaration)
        case .action(let action): declare(action: action, declaration, isTopLevel: true)
        case .externObject(let object): declare(extern: object, declaration)
        case .externFunction(let prototype):
            let signature = inNewScope { self.signature(of: prototype) }
            let symbol = ExternFunctionSymbol(
                name: declaration.name.text, range: declaration.name.range, signature: signature)
            declare(declaration.name, .functions([.extern(symbol)]))
        case .parser(let parser): declare(parser: parser, declaration)
        case .control(let control): declare(control: control, declaration)
        case .parserType(let prototype): declare(blockType: prototype, declaration, isParser: true)
        case .controlType(let prototype): declare(blockType: prototype, declaration, isParser: false)
        case .package(let package): declare(package: package, declaration)
        case .structure(let structure): declare(structure: structure, declaration)
        case .enumeration(let enumeration): declare(enumeration: enumeration, declaration)
        case .error(let members): declare(members: members, to: &errors, of: "error")
        case .matchKind(let members): declare(members: members, to: &matchKinds, of: "match kind")
        case .typedef(let target): declare(typedef: target, declaration)
        case .newType(let syntax):
            let type = DistinctType(name: declaration.name.text, range: declaration.name.range, target: resolve(syntax))
            declare(declaration.name, .type(type.target.isInvalid ? .invalid : .distinct(type)))
        case .constant, .variable, .instance, .valueSet, .table: check(local: declaration)
        }
    }

    /// A constant, variable, instance or value set, anywhere; returns what a variable does when it is reached.
    @discardableResult
    func check(local declaration: Declaration) -> TypedStatement? {
        switch declaration.kind {
        case .constant(let syntax, let value): declare(constant: value, of: resolve(syntax), declaration)
        case .variable(let syntax, let value): return declare(variable: value, of: syntax, declaration)
        case .instance(let instance): declare(instance: instance, declaration)
        case .valueSet:
            error("not supported yet: a value set", at: declaration.name.range)
            declare(declaration.name, .invalid)
        default: error("this can't be declared here", at: declaration.name.range)
        }
        return nil
    }

    private func declare(constant value: Expression, of type: P4Type, _ declaration: Declaration) {
        var typed = check(value, as: type)
        if !typed.isCompileTimeKnown {
            typed = refuse("the value of constant '\(declaration.name)' must be known at compile time", at: value.range)
        }
        declare(declaration.name, typed.isInvalid ? .invalid : .constant(typed))
    }

    private func declare(variable value: Expression?, of syntax: TypeSyntax, _ declaration: Declaration)
        -> TypedStatement?
    {
        if place == .topLevel {
            error("a variable can't be declared at the top level", at: declaration.name.range)
        }
        var type = resolve(syntax)
        if !type.isInvalid, !type.isStorable {
            error("a variable can't be of type \(type)", at: syntax.range)
            type = .invalid
        }
        let initial = value.map { check($0, as: type) }
        guard !type.isInvalid else {
            declare(declaration.name, .invalid)
            return nil
        }
        let variable = Variable(
            name: declaration.name.text, range: declaration.name.range, type: type, role: .local,
            annotations: declaration.annotations)
        declare(declaration.name, .variable(variable))
        return TypedStatement(kind: .declaration(variable, initial), range: declaration.range)
    }

    private func declare(typedef target: TypedefTarget, _ declaration: Declaration) {
        switch target {
        case .type(let syntax):
            let type = resolve(syntax)
            // A parser or control type keeps its kind under the new name.
            declare(declaration.name, type.isInvalid ? .invalid : .type(type))
        case .declaration(let inner):
            check(topLevel: inner)
            guard inner.name.text != declaration.name.text else { return }
            if let binding = scope.lookUp(inner.name.text) { declare(declaration.name, binding) }
        }
    }

    // MARK: Callables

    func parameters(_ syntax: [Parameter], role: (Parameter) -> Variable.Role = { .parameter($0.direction) })
        -> [Variable]
    {
        syntax.map { parameter in
            let variable = Variable(
                name: parameter.name.text, range: parameter.name.range, type: resolve(parameter.type),
                role: role(parameter), annotations: parameter.annotations)
            variable.defaultValue = parameter.defaultValue.map { check($0, as: variable.type) }
            return variable
        }
    }

    func declare(parameters: [Variable]) {
        for parameter in parameters {
            let binding: Binding = parameter.type.isInvalid ? .invalid : .variable(parameter)
            declare(Name(parameter.name, at: parameter.range), binding)
        }
    }

    func declare(typeParameters: [TypeParameter]) -> [TypeParameterSymbol] {
        typeParameters.map { parameter in
            let symbol = TypeParameterSymbol(name: parameter.name.text, range: parameter.name.range)
            declare(parameter.name, .type(.parameter(symbol)))
            return symbol
        }
    }

    /// Its type parameters are bound in the present scope.
    func signature(of prototype: FunctionPrototype) -> Signature {
        let types = declare(typeParameters: prototype.typeParameters)
        return Signature(
            typeParameters: types, parameters: parameters(prototype.parameters), result: resolve(prototype.result))
    }

    private func declare(function: FunctionDeclaration, _ declaration: Declaration) {
        let signature = inNewScope { self.signature(of: function.prototype) }
        guard signature.typeParameters.isEmpty else {
            let generic = GenericFunction(
                name: declaration.name, declaration: function, signature: signature, scope: scope)
            declare(declaration.name, .functions([.generic(generic)]))
            return
        }
        let symbol = FunctionSymbol(name: declaration.name.text, range: declaration.name.range)
        symbol.signature = signature
        check(body: function.body, of: symbol)
        declare(declaration.name, .functions([.function(symbol)]))
    }

    /// The function for some type arguments; its body is checked when they come up for the first time.
    func instantiate(_ function: GenericFunction, _ arguments: [P4Type]) -> FunctionSymbol {
        if let known = function.instances[arguments], !function.isOpen { return known }
        let symbol = FunctionSymbol(name: function.name.text, range: function.name.range)
        guard !function.isOpen else {
            error("'\(function.name)' calls itself", at: function.name.range)
            symbol.signature.result = .invalid
            return symbol
        }
        function.isOpen = true
        defer { function.isOpen = false }
        function.instances[arguments] = symbol
        let outer = scope
        scope = Scope(parent: function.scope)
        for (parameter, argument) in zip(function.declaration.prototype.typeParameters, arguments) {
            declare(parameter.name, .type(argument))
        }
        symbol.signature = Signature(
            parameters: parameters(function.declaration.prototype.parameters),
            result: resolve(function.declaration.prototype.result))
        check(body: function.declaration.body, of: symbol)
        scope = outer
        return symbol
    }

    private func check(body: Block, of symbol: FunctionSymbol) {
        inPlace(.function) {
            inNewScope {
                let (outerResult, outerLoops) = (resultType, loopDepth)
                defer { (resultType, loopDepth) = (outerResult, outerLoops) }
                (resultType, loopDepth) = (symbol.signature.result, 0)
                declare(parameters: symbol.signature.parameters)
                symbol.body = check(block: body)
                if resultType != .void, !resultType.isInvalid, !symbol.body.alwaysReturns {
                    error("function '\(symbol.name)' can end without returning a value", at: symbol.range)
                }
            }
        }
    }

    func declare(action: ActionDeclaration, _ declaration: Declaration, isTopLevel: Bool = false) {
        let symbol = ActionSymbol(
            name: declaration.name.text, range: declaration.name.range, annotations: declaration.annotations,
            isTopLevel: isTopLevel)
        symbol.parameters = parameters(action.parameters)
        for (first, second) in zip(symbol.parameters, symbol.parameters.dropFirst())
        where first.direction == .none && second.direction != .none {
            error("parameter '\(second.name)' has a direction: it must come before those without", at: second.range)
        }
        inPlace(.action) {
            inNewScope {
                (resultType, loopDepth) = (.void, 0)
                declare(parameters: symbol.parameters)
                symbol.body = check(block: action.body)
            }
        }
        declare(declaration.name, .action(symbol))
    }

    private func declare(extern: ExternDeclaration, _ declaration: Declaration) {
        let symbol = ExternSymbol(name: declaration.name.text, range: declaration.name.range)
        declare(declaration.name, .extern(symbol))
        inNewScope {
            symbol.typeParameters = declare(typeParameters: extern.typeParameters)
            for method in extern.methods {
                let signature = inNewScope { self.signature(of: method.prototype) }
                if method.isConstructor {
                    symbol.constructors.append(signature)
                } else {
                    symbol.methods.append(
                        ExternMethodSymbol(name: method.name.text, range: method.name.range, signature: signature))
                }
            }
        }
    }

    private func declare(blockType prototype: BlockPrototype, _ declaration: Declaration, isParser: Bool) {
        let symbol = BlockTypeSymbol(
            name: declaration.name.text, range: declaration.name.range, isParser: isParser)
        inNewScope {
            let types = declare(typeParameters: prototype.typeParameters)
            symbol.signature = Signature(typeParameters: types, parameters: parameters(prototype.parameters))
        }
        declare(declaration.name, .blockType(symbol))
    }

    private func declare(package: PackageDeclaration, _ declaration: Declaration) {
        let symbol = PackageSymbol(name: declaration.name.text, range: declaration.name.range)
        inNewScope {
            let types = declare(typeParameters: package.typeParameters)
            symbol.signature = Signature(typeParameters: types, parameters: parameters(package.parameters))
        }
        declare(declaration.name, .package(symbol))
    }
}
