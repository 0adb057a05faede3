// SPDX-License-Identifier: Apache-2.0

/// An expression after checking: names resolved, implicit conversions written as casts, generic calls inferred.
final class TypedExpression {
    indirect enum Kind {
        case constant(Constant)
        case variable(Variable)
        /// Field `index` of a structure, header, union or tuple.
        case member(TypedExpression, Int)
        /// An element of a header stack.
        case element(TypedExpression, index: TypedExpression)
        case stackNext(TypedExpression)
        case stackLast(TypedExpression)
        case stackLastIndex(TypedExpression)
        case slice(TypedExpression, high: Int, low: Int)
        case unary(UnaryOperator, TypedExpression)
        case binary(BinaryOperator, TypedExpression, TypedExpression)
        case conditional(TypedExpression, TypedExpression, TypedExpression)
        case cast(TypedExpression)
        /// A value of a structure, header, stack or tuple, one a member.
        case list([TypedExpression])
        /// `{#}`: a header or union that is not valid.
        case invalidHeader
        case call(TypedCall)
        /// `t.apply().hit` and `.miss`
        case tableHit(TypedCall, isMiss: Bool)
        /// `t.apply().action_run`
        case actionRun(TypedCall)
        /// An extern object, parser or control instance by its name.
        case instance(InstanceSymbol)
        /// `T(arguments)` where a value is expected: an argument of a constructor.
        case construction(InstanceSymbol)
        /// `_` as an argument of an `out` parameter.
        case ignored
        /// In place of an expression that was wrong; the error is already reported.
        case invalid
    }

    let kind: Kind
    let type: P4Type
    let range: SourceRange

    init(_ kind: Kind, _ type: P4Type, at range: SourceRange) {
        self.kind = kind
        self.type = type
        self.range = range
    }

    static func invalid(at range: SourceRange) -> TypedExpression {
        TypedExpression(.invalid, .invalid, at: range)
    }

    var constant: Constant? {
        if case .constant(let constant) = kind { constant } else { nil }
    }

    var isInvalid: Bool { type.isInvalid }
}

/// A call of anything: who, and one argument for each parameter in the order of the declaration.
final class TypedCall {
    indirect enum Callee {
        case function(FunctionSymbol)
        case action(ActionSymbol)
        case externFunction(ExternFunctionSymbol)
        case externMethod(TypedExpression, ExternMethodSymbol)
        /// A parser or control.
        case block(InstanceSymbol)
        case table(TableSymbol)
        case header(HeaderMethod, of: TypedExpression)
    }

    let callee: Callee
    /// What stands for the type parameters of the callee, in order.
    let typeArguments: [P4Type]
    /// Nil for an `@optional` parameter that got none.
    let arguments: [TypedExpression?]
    let range: SourceRange

    init(_ callee: Callee, typeArguments: [P4Type] = [], arguments: [TypedExpression?] = [], at range: SourceRange) {
        self.callee = callee
        self.typeArguments = typeArguments
        self.arguments = arguments
        self.range = range
    }
}

/// The methods that headers, unions and stacks have by themselves.
enum HeaderMethod: Hashable {
    case isValid, setValid, setInvalid
    /// By this many elements.
    case pushFront(Int), popFront(Int)
}
