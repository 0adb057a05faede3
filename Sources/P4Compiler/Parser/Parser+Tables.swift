// SPDX-License-Identifier: Apache-2.0

extension Parser {
    mutating func table(_ annotations: [Annotation], from start: Int) -> Declaration {
        advance()
        let name = expectName("a table's name")
        scopes.declare(name, as: .value)
        var properties: [TableProperty] = []
        braced { properties.append($0.tableProperty()) }
        return declaration(.table(TableDeclaration(properties: properties)), name, annotations, from: start)
    }

    private mutating func tableProperty() -> TableProperty {
        let start = position
        let annotations = annotations()
        let isConstant = accept(.const)
        let name = expectName("a table's property")
        expect(.assign)
        let content: TableProperty.Kind
        switch name.text {
        case "key": content = .keys(elements { $0.tableKey() })
        case "actions": content = .actions(elements { $0.tableAction() })
        case "entries": content = .entries(elements { $0.tableEntry() })
        default:
            content = .value(expression())
            expectSemicolon()
        }
        return TableProperty(
            id: ids.make(), annotations: annotations, isConstant: isConstant, name: name, kind: content,
            range: range(from: start))
    }

    private mutating func elements<Element>(_ read: (inout Parser) -> Element) -> [Element] {
        var elements: [Element] = []
        braced { elements.append(read(&$0)) }
        return elements
    }

    private mutating func tableKey() -> TableKey {
        let start = position
        let expression = expression()
        expect(.colon)
        let matchKind = pathName("a kind of match")
        let annotations = annotations()
        expectSemicolon()
        return TableKey(
            id: ids.make(), expression: expression, matchKind: matchKind, annotations: annotations,
            range: range(from: start))
    }

    private mutating func tableAction() -> TableAction {
        let annotations = annotations()
        let reference = actionReference()
        expectSemicolon()
        return TableAction(id: ids.make(), annotations: annotations, reference: reference)
    }

    /// `name` or `name(arguments)`
    private mutating func actionReference() -> Expression {
        let start = position
        let name = pathName("an action's name")
        let callee = expression(.name(name), from: start)
        guard kind == .leftParenthesis else { return callee }
        let open = position
        let arguments = arguments()
        let call = Expression.Call(
            callee: callee, typeArguments: [], arguments: arguments, argumentsRange: range(from: open))
        return expression(.call(call), from: start)
    }

    private mutating func tableEntry() -> TableEntry {
        let start = position
        var annotations = annotations()
        let isConstant = accept(.const)
        var priority: Expression?
        if isWord("priority"), peek().kind == .assign {
            advance()
            advance()
            priority = operand()
            expect(.colon)
        }
        let (keys, keysRange) = keys()
        expect(.colon)
        let action = actionReference()
        annotations += self.annotations()
        expectSemicolon()
        return TableEntry(
            id: ids.make(), isConstant: isConstant, priority: priority, keys: keys, keysRange: keysRange,
            action: action, annotations: annotations, range: range(from: start))
    }
}
