// SPDX-License-Identifier: Apache-2.0

import BigInt
internal import TextLayout

extension Checker {
    /// Types a call of anything, a constructor included.
    func check(_ call: Expression.Call, expecting expected: P4Type?, at range: SourceRange) -> TypedExpression {
        switch call.callee.unparenthesized.kind {
        case .name(let path):
            guard let binding = lookUp(path, expected: "function or action") else {
                return checkLoosely(call, at: range)
            }
            return check(call, of: path, binding, expecting: expected, at: range)
        case .type(let syntax):
            return construct(resolveConstructed(syntax, call.typeArguments), call.arguments, at: range)
        case .member(let base, let name):
            return check(call, method: name, of: base, expecting: expected, at: range)
        case .invalid: return checkLoosely(call, at: range)
        default: return refuse("this can't be called", at: call.callee.range)
        }
    }

    /// Reports what is wrong inside the arguments of a call whose callee is unknown.
    private func checkLoosely(_ call: Expression.Call, at range: SourceRange) -> TypedExpression {
        for argument in call.arguments { _ = check(argument.value) }
        return .invalid(at: range)
    }

    private func check(
        _ call: Expression.Call, of path: PathName, _ binding: Binding, expecting expected: P4Type?,
        at range: SourceRange
    ) -> TypedExpression {
        switch binding {
        case .functions(let candidates):
            guard let chosen = choose(candidates, for: call, named: path.text) else {
                return checkLoosely(call, at: range)
            }
            return check(call, of: chosen, expecting: expected, at: range)
        case .action(let action): return check(call, of: action, at: range)
        case .table: return refuse("'\(path)' is a table: write \(path).apply()", at: range)
        case .extern, .block, .package, .type, .blockType:
            let name = TypeSyntax(id: call.callee.id, range: call.callee.range, kind: .named(path))
            return construct(resolveConstructed(name, call.typeArguments), call.arguments, at: range)
        default: return refuse("'\(path)' is \(binding.kind), it can't be called", at: call.callee.range)
        }
    }

    /// The candidate whose parameters fit the number and the names of the arguments.
    private func choose(_ candidates: [FunctionCandidate], for call: Expression.Call, named name: String)
        -> FunctionCandidate?
    {
        if candidates.count == 1 { return candidates[0] }
        let names = call.arguments.compactMap(\.name?.text)
        let fitting = candidates.filter { candidate in
            signature(of: candidate).accepts(count: call.arguments.count)
                && names.allSatisfy(candidate.parameterNames.contains)
        }
        if fitting.count == 1 { return fitting[0] }
        let exact = fitting.filter { $0.parameterNames.count == call.arguments.count }
        if exact.count == 1 { return exact[0] }
        let problem = fitting.isEmpty ? "no '\(name)' takes" : "more than one '\(name)' takes"
        error("\(problem) \(counted(call.arguments.count, "argument"))", at: call.callee.range)
        return nil
    }

    private func signature(of candidate: FunctionCandidate) -> Signature {
        switch candidate {
        case .function(let symbol): symbol.signature
        case .extern(let symbol): symbol.signature
        case .generic(let function): function.signature
        }
    }

    private func check(
        _ call: Expression.Call, of candidate: FunctionCandidate, expecting expected: P4Type?, at range: SourceRange
    ) -> TypedExpression {
        let signature = signature(of: candidate)
        let name = call.callee.range
        guard let match = match(call, signature, Inference(), expecting: expected, at: range) else {
            return .invalid(at: range)
        }
        let callee: TypedCall.Callee
        var result = match.inference.apply(signature.result)
        switch candidate {
        case .function(let symbol): callee = .function(symbol)
        case .extern(let symbol): callee = .externFunction(symbol)
        case .generic(let function):
            let symbol = instantiate(function, match.typeArguments)
            callee = .function(symbol)
            result = symbol.signature.result
        }
        if case .externFunction(let symbol) = callee, symbol.name == "static_assert" {
            return checkStaticAssert(match.arguments, at: name)
        }
        let typed = TypedCall(callee, typeArguments: match.typeArguments, arguments: match.arguments, at: range)
        return TypedExpression(.call(typed), result, at: range)
    }

    /// core.p4's `static_assert(condition[, message])` is decided here; no code remains.
    private func checkStaticAssert(_ arguments: [TypedExpression?], at range: SourceRange) -> TypedExpression {
        guard let condition = arguments.first??.constant else {
            return refuse("the condition of static_assert must be known at compile time", at: range)
        }
        guard condition.isTrue else {
            var message = "static_assert failed"
            if arguments.count > 1, case .string(let text)? = arguments[1]?.constant { message += ": " + text }
            return refuse(message, at: range)
        }
        return TypedExpression(.constant(.bool(true)), .bool, at: range)
    }

    private func check(_ call: Expression.Call, of action: ActionSymbol, at range: SourceRange) -> TypedExpression {
        if place != .control && place != .action {
            error("an action can't be called from \(place.name)", at: range)
        }
        let signature = Signature(parameters: action.parameters)
        guard let match = match(call, signature, Inference(), expecting: nil, at: range, isAction: true) else {
            return .invalid(at: range)
        }
        return TypedExpression(
            .call(TypedCall(.action(action), arguments: match.arguments, at: range)), .void, at: range)
    }

    private func check(
        _ call: Expression.Call, method name: Name, of base: Expression, expecting expected: P4Type?,
        at range: SourceRange
    ) -> TypedExpression {
        if case .name(let path) = base.unparenthesized.kind,
            case .table(let table)? = (path.isAbsolute ? scope.root : scope).lookUp(path.text)
        {
            return apply(table, call, method: name, at: range)
        }
        if let type = typeNamed(by: base) {
            if let size = size(of: type, method: name.text) { return number(size, at: range) }
            if type.isInvalid { return checkLoosely(call, at: range) }
            return refuse("type \(type) has no method '\(name)'", at: name.range)
        }
        let typed = check(base)
        if typed.isInvalid { return checkLoosely(call, at: range) }
        if let size = size(of: typed.type, method: name.text) { return number(size, at: range) }
        switch typed.type {
        case .extern(let symbol, let arguments):
            return check(call, method: name, of: typed, symbol, arguments, expecting: expected, at: range)
        case .block(let block):
            guard case .instance(let instance) = typed.kind, name.text == "apply" else {
                return refuse("\(typed.type) has no method '\(name)': only apply", at: name.range)
            }
            return apply(instance, block, call, at: range)
        case .record(let record) where record.flavour != .structure:
            return check(call, headerMethod: name, of: typed, at: range)
        case .stack: return check(call, headerMethod: name, of: typed, at: range)
        default: return refuse("a value of type \(typed.type) has no method '\(name)'", at: name.range)
        }
    }

    private func number(_ value: Int, at range: SourceRange) -> TypedExpression {
        TypedExpression(.constant(.integer(BigInt(value))), .integer, at: range)
    }

    /// `minSizeInBits` and its relatives (§9), which any type with a size has.
    private func size(of type: P4Type, method: String) -> Int? {
        guard ["minSizeInBits", "minSizeInBytes", "maxSizeInBits", "maxSizeInBytes"].contains(method) else {
            return nil
        }
        guard let bits = type.sizeInBits(largest: method.hasPrefix("max")) else { return nil }
        return method.hasSuffix("Bytes") ? (bits + 7) / 8 : bits
    }

    private func apply(_ table: TableSymbol, _ call: Expression.Call, method name: Name, at range: SourceRange)
        -> TypedExpression
    {
        guard name.text == "apply" else { return refuse("a table has no method '\(name)': only apply", at: name.range) }
        if !call.arguments.isEmpty { error("apply() of a table takes no arguments", at: call.argumentsRange) }
        guard place == .control else { return refuse("a table can't be applied from \(place.name)", at: range) }
        return TypedExpression(.call(TypedCall(.table(table), at: range)), .tableResult(table), at: range)
    }

    func apply(_ instance: InstanceSymbol, _ block: BlockSymbol, _ call: Expression.Call, at range: SourceRange)
        -> TypedExpression
    {
        if place != (block.isParser ? .parserState : .control) {
            error("\(block.isParser ? "a parser" : "a control") can't be applied from \(place.name)", at: range)
        }
        let signature = Signature(parameters: block.parameters)
        guard let match = match(call, signature, Inference(), expecting: nil, at: range) else {
            return .invalid(at: range)
        }
        return TypedExpression(
            .call(TypedCall(.block(instance), arguments: match.arguments, at: range)), .void, at: range)
    }

    private func check(
        _ call: Expression.Call, method name: Name, of receiver: TypedExpression, _ symbol: ExternSymbol,
        _ types: [P4Type], expecting expected: P4Type?, at range: SourceRange
    ) -> TypedExpression {
        let named = symbol.methods.filter { $0.name == name.text }
        guard !named.isEmpty else {
            let hint = NearName.didYouMean(name.text, among: symbol.methods.map(\.name))
            error("extern '\(symbol.name)' has no method '\(name)'" + hint, at: name.range)
            return checkLoosely(call, at: range)
        }
        let given = call.arguments.compactMap(\.name?.text)
        let fitting = named.filter { method in
            method.signature.accepts(count: call.arguments.count)
                && given.allSatisfy { wanted in method.signature.parameters.contains { $0.name == wanted } }
        }
        let method =
            fitting.first { $0.signature.parameters.count == call.arguments.count } ?? fitting.first ?? named[0]
        let inference = Inference(symbol.typeParameters, types)
        guard let match = match(call, method.signature, inference, expecting: expected, at: range) else {
            return .invalid(at: range)
        }
        let typed = TypedCall(
            .externMethod(receiver, method), typeArguments: match.typeArguments, arguments: match.arguments, at: range)
        return TypedExpression(.call(typed), match.inference.apply(method.signature.result), at: range)
    }

    private func check(
        _ call: Expression.Call, headerMethod name: Name, of base: TypedExpression, at range: SourceRange
    )
        -> TypedExpression
    {
        let method: HeaderMethod
        switch (name.text, base.type) {
        case ("isValid", .record): method = .isValid
        case ("setValid", .record) where base.type.isHeader: method = .setValid
        case ("setInvalid", .record) where base.type.isHeader: method = .setInvalid
        case ("push_front", .stack), ("pop_front", .stack):
            guard call.arguments.count == 1,
                let count = constantInteger(call.arguments[0].value, of: "the count of \(name)")
            else { return refuse("\(name) takes the number of elements", at: call.argumentsRange) }
            guard count >= 0 else { return refuse("\(name) by a negative number", at: call.argumentsRange) }
            method = name.text == "push_front" ? .pushFront(count) : .popFront(count)
        default:
            let hint = NearName.didYouMean(name.text, among: Self.headerMethods)
            return refuse("a value of type \(base.type) has no method '\(name)'" + hint, at: name.range)
        }
        if case .record = base.type, !call.arguments.isEmpty {
            error("\(name)() takes no arguments", at: call.argumentsRange)
        }
        if method != .isValid, let problem = lvalueProblem(base) { error(problem, at: base.range) }
        let result: P4Type = method == .isValid ? .bool : .void
        return TypedExpression(.call(TypedCall(.header(method, of: base), at: range)), result, at: range)
    }
}
