// SPDX-License-Identifier: Apache-2.0

/// What a name stands for.
enum Binding {
    case type(P4Type)
    /// A struct, header or union with type parameters: instantiated for each list of arguments.
    case genericRecord(GenericRecord)
    case extern(ExternSymbol)
    case block(BlockSymbol)
    case blockType(BlockTypeSymbol)
    case package(PackageSymbol)
    case variable(Variable)
    /// A `const`: its value is in the expression.
    case constant(TypedExpression)
    case functions([FunctionCandidate])
    case action(ActionSymbol)
    case table(TableSymbol)
    case instance(InstanceSymbol)
    case valueSet
    /// Declared, but wrongly: uses are not reported again.
    case invalid

    /// What messages call it.
    var kind: String {
        switch self {
        case .type, .genericRecord: "a type"
        case .extern: "an extern"
        case .block(let symbol): symbol.isParser ? "a parser" : "a control"
        case .blockType(let symbol): symbol.isParser ? "a parser type" : "a control type"
        case .package: "a package"
        case .variable(let variable): variable.role == .local ? "a variable" : "a parameter"
        case .constant: "a constant"
        case .functions: "a function"
        case .action: "an action"
        case .table: "a table"
        case .instance: "an instance"
        case .valueSet: "a value set"
        case .invalid: "a wrong declaration"
        }
    }
}

/// One of the functions that share a name.
enum FunctionCandidate {
    case function(FunctionSymbol)
    case extern(ExternFunctionSymbol)
    case generic(GenericFunction)

    var parameterNames: [String] {
        switch self {
        case .function(let symbol): symbol.signature.parameters.map(\.name)
        case .extern(let symbol): symbol.signature.parameters.map(\.name)
        case .generic(let function): function.declaration.prototype.parameters.map(\.name.text)
        }
    }
}

/// A struct, header or union with type parameters.
final class GenericRecord {
    let declaration: Declaration
    let structure: StructureDeclaration
    let scope: Scope
    var instances: [[P4Type]: RecordType] = [:]

    init(declaration: Declaration, structure: StructureDeclaration, scope: Scope) {
        self.declaration = declaration
        self.structure = structure
        self.scope = scope
    }
}

/// A function with type parameters and a body, which is checked once for each list of arguments.
final class GenericFunction {
    let name: Name
    let declaration: FunctionDeclaration
    let signature: Signature
    let scope: Scope
    var instances: [[P4Type]: FunctionSymbol] = [:]
    /// Its body is being checked, for some arguments.
    var isOpen = false

    init(name: Name, declaration: FunctionDeclaration, signature: Signature, scope: Scope) {
        self.name = name
        self.declaration = declaration
        self.signature = signature
        self.scope = scope
    }
}

/// The names declared between two braces, or at the top level. Inner scopes hide the names of outer ones.
final class Scope {
    let parent: Scope?
    private var bindings: [String: (binding: Binding, range: SourceRange)] = [:]
    /// Names that this scope declares further down, for the message about a use that comes too early.
    var later: [String: SourceRange] = [:]

    init(parent: Scope?) { self.parent = parent }

    /// Binds a name; returns where it was bound before if it is taken in this very scope.
    func declare(_ name: String, _ binding: Binding, at range: SourceRange) -> SourceRange? {
        if let earlier = bindings[name] {
            if case .functions(let known) = earlier.binding, case .functions(let new) = binding,
                !known.contains(where: { $0.parameterNames == new[0].parameterNames })
            {
                bindings[name] = (.functions(known + new), earlier.range)
                return nil
            }
            return earlier.range
        }
        bindings[name] = (binding, range)
        return nil
    }

    func lookUp(_ name: String) -> Binding? {
        var scope: Scope? = self
        while let current = scope {
            if let found = current.bindings[name] { return found.binding }
            scope = current.parent
        }
        return nil
    }

    /// Where a name that can't be seen yet is declared.
    func laterDeclaration(of name: String) -> SourceRange? {
        var scope: Scope? = self
        while let current = scope {
            if let range = current.later[name] { return range }
            scope = current.parent
        }
        return nil
    }

    /// Every name that can be seen from here and that a test accepts.
    func names(where accepts: (Binding) -> Bool = { _ in true }) -> [String] {
        var names: [String] = []
        var scope: Scope? = self
        while let current = scope {
            names += current.bindings.filter { accepts($0.value.binding) }.keys
            scope = current.parent
        }
        return names
    }

    /// The top level.
    var root: Scope {
        var scope = self
        while let parent = scope.parent { scope = parent }
        return scope
    }
}
