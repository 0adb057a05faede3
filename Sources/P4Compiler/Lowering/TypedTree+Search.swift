// SPDX-License-Identifier: Apache-2.0

/// Looking through typed code for what it mentions.
extension TypedBlock {
    func forEachExpression(_ body: (TypedExpression) -> Void) {
        for statement in statements { statement.forEachExpression(body) }
    }

    /// Variables it reads or writes, those that called actions mention included.
    var variables: Set<Variable> {
        var found: Set<Variable> = []
        forEachExpression { found.formUnion($0.variables) }
        return found
    }
}

extension TypedStatement {
    /// The outermost expressions, those of inner statements included; a call counts as an expression of its own.
    func forEachExpression(_ body: (TypedExpression) -> Void) {
        func visit(_ call: TypedCall) { body(TypedExpression(.call(call), .void, at: call.range)) }
        switch kind {
        case .block(let block): block.forEachExpression(body)
        case .assignment(let target, let value):
            body(target)
            body(value)
        case .call(let call): visit(call)
        case .declaration(_, let value): value.map(body)
        case .conditional(let condition, let first, let second):
            body(condition)
            first.forEachExpression(body)
            second?.forEachExpression(body)
        case .switchOnAction(let call, let cases):
            visit(call)
            for item in cases { item.body.forEachExpression(body) }
        case .switchOnValue(let subject, let cases):
            body(subject)
            for item in cases { item.body.forEachExpression(body) }
        case .loop(let loop):
            for statement in loop.initial + loop.updates { statement.forEachExpression(body) }
            body(loop.condition)
            loop.body.forEachExpression(body)
        case .return(let value): value.map(body)
        case .break, .continue, .exit: break
        }
    }

    /// Whether a variable occurs in it.
    func mentions(_ variable: Variable) -> Bool {
        var found = false
        forEachExpression { if $0.variables.contains(variable) { found = true } }
        return found
    }
}

extension TypedExpression {
    /// The expressions directly below.
    var children: [TypedExpression] {
        switch kind {
        case .constant, .variable, .invalidHeader, .instance, .construction, .ignored, .invalid: []
        case .member(let base, _), .stackNext(let base), .stackLast(let base), .stackLastIndex(let base),
            .slice(let base, _, _), .unary(_, let base), .cast(let base):
            [base]
        case .element(let base, let index): [base, index]
        case .binary(_, let left, let right): [left, right]
        case .conditional(let condition, let first, let second): [condition, first, second]
        case .list(let elements): elements
        case .call(let call), .tableHit(let call, _), .actionRun(let call): call.expressions
        }
    }

    func forEach(_ body: (TypedExpression) -> Void) {
        body(self)
        for child in children { child.forEach(body) }
    }

    var variables: Set<Variable> {
        var found: Set<Variable> = []
        forEach { expression in
            switch expression.kind {
            case .variable(let variable): found.insert(variable)
            case .call(let call), .tableHit(let call, _), .actionRun(let call):
                found.formUnion(call.variablesOfCallee)
            default: break
            }
        }
        return found
    }

    /// Whether evaluating it can change a variable.
    var hasEffects: Bool {
        var found = false
        forEach { expression in
            switch expression.kind {
            case .call(let call):
                if case .header(.isValid, _) = call.callee { return }
                found = true
            case .tableHit, .actionRun: found = true
            default: break
            }
        }
        return found
    }

    /// The variable that an lvalue is a part of.
    var root: Variable? {
        switch kind {
        case .variable(let variable): variable
        case .member(let base, _), .element(let base, _), .slice(let base, _, _), .stackNext(let base),
            .stackLast(let base):
            base.root
        default: nil
        }
    }
}

extension TypedCall {
    var expressions: [TypedExpression] {
        let given = arguments.compactMap { $0 }
        return switch callee {
        case .externMethod(let receiver, _): [receiver] + given
        case .header(_, let base): [base] + given
        case .table(let table): table.keys.map(\.expression)
        default: given
        }
    }

    /// Variables that the code of the callee mentions and that aren't its own: actions see their control's.
    fileprivate var variablesOfCallee: Set<Variable> {
        switch callee {
        case .action(let action): action.mentionedVariables
        case .table(let table):
            table.actions.reduce(into: []) { found, action in
                found.formUnion(action.action.mentionedVariables)
                for argument in action.boundArguments { found.formUnion(argument.variables) }
            }
        default: []
        }
    }
}
