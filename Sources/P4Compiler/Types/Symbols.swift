// SPDX-License-Identifier: Apache-2.0

/// A local variable, a parameter of anything, or a parameter of a constructor.
final class Variable: Symbol {
    enum Role: Hashable {
        case local
        case parameter(Parameter.Direction)
        /// Known when the parser or control is instantiated.
        case constructorParameter
    }

    let type: P4Type
    let role: Role
    let annotations: [Annotation]
    /// What a parameter gets when no argument is given.
    var defaultValue: TypedExpression?

    init(name: String, range: SourceRange, type: P4Type, role: Role, annotations: [Annotation] = []) {
        self.type = type
        self.role = role
        self.annotations = annotations
        super.init(name: name, range: range)
    }

    var direction: Parameter.Direction {
        if case .parameter(let direction) = role { direction } else { .none }
    }

    var isOptional: Bool { annotations.contains("optional") }
}

/// What may be called: parameters and result over some type parameters.
struct Signature {
    var typeParameters: [TypeParameterSymbol] = []
    var parameters: [Variable] = []
    var result: P4Type = .void

    /// Whether `count` arguments can be passed.
    func accepts(count: Int) -> Bool {
        let required = parameters.count { $0.defaultValue == nil && !$0.isOptional }
        return (required...max(required, parameters.count)).contains(count)
    }
}

/// A function with a body.
final class FunctionSymbol: Symbol {
    var signature = Signature()
    var body = TypedBlock()
}

/// An action. Parameters without direction come last; the control plane or a direct call gives them.
final class ActionSymbol: Symbol {
    let annotations: [Annotation]
    var parameters: [Variable] = []
    var body = TypedBlock()
    /// What the body and the actions that it calls mention; computed once, when the program has been checked.
    private(set) lazy var mentionedVariables = body.variables
    /// Declared outside any control.
    let isTopLevel: Bool

    init(name: String, range: SourceRange, annotations: [Annotation], isTopLevel: Bool) {
        self.annotations = annotations
        self.isTopLevel = isTopLevel
        super.init(name: name, range: range)
    }
}

/// An extern object type with its methods.
final class ExternSymbol: Symbol {
    var typeParameters: [TypeParameterSymbol] = []
    var constructors: [Signature] = []
    var methods: [ExternMethodSymbol] = []
}

final class ExternMethodSymbol: Symbol {
    let signature: Signature

    init(name: String, range: SourceRange, signature: Signature) {
        self.signature = signature
        super.init(name: name, range: range)
    }
}

final class ExternFunctionSymbol: Symbol {
    let signature: Signature

    init(name: String, range: SourceRange, signature: Signature) {
        self.signature = signature
        super.init(name: name, range: range)
    }
}

/// `parser P<H>(…);` or `control C<H>(…);`: what a block looks like from outside.
final class BlockTypeSymbol: Symbol {
    let isParser: Bool
    var signature = Signature()

    init(name: String, range: SourceRange, isParser: Bool) {
        self.isParser = isParser
        super.init(name: name, range: range)
    }
}

/// `package P<H>(…);`
final class PackageSymbol: Symbol {
    var signature = Signature()
}

/// A parser or control with a body.
final class BlockSymbol: Symbol {
    let isParser: Bool
    let annotations: [Annotation]
    var parameters: [Variable] = []
    var constructorParameters: [Variable] = []
    /// Variables of the whole block, with their initial values.
    var variables: [TypedStatement] = []
    var instances: [InstanceSymbol] = []
    /// Of a control.
    var tables: [TableSymbol] = []
    var body = TypedBlock()
    /// Of a parser; `start` is among them.
    var states: [StateSymbol] = []

    init(name: String, range: SourceRange, isParser: Bool, annotations: [Annotation]) {
        self.isParser = isParser
        self.annotations = annotations
        super.init(name: name, range: range)
    }
}

/// An object made at compile time: an extern, a parser, a control or a package.
final class InstanceSymbol: Symbol {
    let type: P4Type
    /// One a parameter of the constructor.
    let arguments: [TypedExpression?]
    let annotations: [Annotation]

    init(
        name: String, range: SourceRange, type: P4Type, arguments: [TypedExpression?], annotations: [Annotation] = []
    ) {
        self.type = type
        self.arguments = arguments
        self.annotations = annotations
        super.init(name: name, range: range)
    }
}
