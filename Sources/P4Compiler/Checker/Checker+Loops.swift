// SPDX-License-Identifier: Apache-2.0

import BigInt

extension Checker {
    func check(
        loop initial: [Statement], _ condition: Expression, _ updates: [Statement], _ body: Statement
    ) -> TypedStatement.Kind? {
        inNewScope {
            let first = check(initial)
            let typed = check(condition, as: .bool)
            let next = check(updates)
            let inner = checkLoopBody(body)
            if typed.isInvalid { return nil }
            return .loop(TypedLoop(initial: first, condition: typed, updates: next, body: inner))
        }
    }

    private func checkLoopBody(_ body: Statement) -> TypedBlock {
        loopDepth += 1
        defer { loopDepth -= 1 }
        return inNewScope { TypedBlock(statements: check(body).map { [$0] } ?? []) }
    }

    func check(jump statement: Statement) -> TypedStatement.Kind? {
        let isBreak = if case .break = statement.kind { true } else { false }
        guard loopDepth > 0 else {
            error("\(isBreak ? "break" : "continue") can stand in a loop only", at: statement.range)
            return nil
        }
        return isBreak ? .break : .continue
    }

    /// `for (T x in a .. b)`: a hidden counter of one bit more runs from `a` to `b`, so that the greatest value of
    /// `T` may be the end.
    func check(forEach declaration: Declaration, in collection: Expression, _ body: Statement, at range: SourceRange)
        -> TypedStatement.Kind?
    {
        guard case .variable(let syntax, _) = declaration.kind else { return nil }
        guard case .binary(.range, let low, let high) = collection.unparenthesized.kind else {
            error("not supported yet: a loop over anything but a range a .. b", at: collection.range)
            return nil
        }
        return inNewScope {
            let type = resolve(syntax)
            let (first, last) = (check(low, as: type), check(high, as: type))
            let counterType: P4Type
            switch type {
            case .bits(let width): counterType = .bits(width + 1)
            case .signed(let width): counterType = .signed(width + 1)
            case .invalid: return nil
            default:
                error("a range is of bit<W> or int<W>, not of \(type)", at: syntax.range)
                return nil
            }
            let variable = Variable(
                name: declaration.name.text, range: declaration.name.range, type: type, role: .local)
            declare(declaration.name, .variable(variable))
            let inner = checkLoopBody(body)
            if first.isInvalid || last.isInvalid { return nil }
            return counted(variable, counterType, first, last, inner, at: range)
        }
    }

    private func counted(
        _ variable: Variable, _ type: P4Type, _ first: TypedExpression, _ last: TypedExpression, _ body: TypedBlock,
        at range: SourceRange
    ) -> TypedStatement.Kind {
        func hidden(_ name: String) -> Variable { Variable(name: name, range: range, type: type, role: .local) }
        func widened(_ expression: TypedExpression) -> TypedExpression {
            if let constant = expression.constant { return TypedExpression(.constant(constant), type, at: range) }
            return TypedExpression(.cast(expression), type, at: range)
        }
        func statement(_ kind: TypedStatement.Kind) -> TypedStatement { TypedStatement(kind: kind, range: range) }
        let (counter, end) = (hidden("counter"), hidden("end"))
        let value = TypedExpression(.variable(counter), type, at: range)
        let limit = TypedExpression(.variable(end), type, at: range)
        let one = TypedExpression(.constant(.integer(1)), type, at: range)
        let next = TypedExpression(.binary(.add, value, one), type, at: range)
        let current = TypedExpression(.cast(value), variable.type, at: range)
        let loop = TypedLoop(
            initial: [
                statement(.declaration(counter, widened(first))), statement(.declaration(end, widened(last))),
            ],
            condition: TypedExpression(.binary(.lessOrEqual, value, limit), .bool, at: range),
            updates: [statement(.assignment(value, next))],
            body: TypedBlock(statements: [statement(.declaration(variable, current))] + body.statements))
        return .loop(loop)
    }
}
