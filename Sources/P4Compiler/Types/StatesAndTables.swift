// SPDX-License-Identifier: Apache-2.0

/// A state of a parser.
final class StateSymbol: Symbol {
    enum Target {
        case accept, reject
        case state(StateSymbol)
    }

    struct Case {
        let keys: [Keyset]
        let target: Target
    }

    enum Transition {
        case direct(Target)
        case select([TypedExpression], [Case])
    }

    var statements = TypedBlock()
    var transition = Transition.direct(.reject)
    var transitionRange: SourceRange

    override init(name: String, range: SourceRange) {
        transitionRange = range
        super.init(name: name, range: range)
    }
}

/// What one key of a `select` case or of a table entry matches.
enum Keyset {
    case any
    case value(TypedExpression)
    case masked(TypedExpression, TypedExpression)
    case range(TypedExpression, TypedExpression)
}

/// A table of a control, as checked.
final class TableSymbol: Symbol {
    struct Key {
        let expression: TypedExpression
        let matchKind: String
        /// As written, or by `@name`.
        let name: String
        let range: SourceRange
    }

    struct Entry {
        let keys: [Keyset]
        let action: TableActionSymbol
        let arguments: [TypedExpression]
        /// From `priority = n:` or `@priority(n)`.
        let priority: Int?
        let range: SourceRange
    }

    let annotations: [Annotation]
    var keys: [Key] = []
    var actions: [TableActionSymbol] = []
    var defaultAction: (action: TableActionSymbol, arguments: [TypedExpression])?
    var isDefaultConstant = false
    var entries: [Entry] = []
    var areEntriesConstant = false
    var largestPriorityWins = true
    var size: Int?
    /// Of `counters = …` and `meters = …`.
    var directCounter: InstanceSymbol?
    var directMeter: InstanceSymbol?

    init(name: String, range: SourceRange, annotations: [Annotation]) {
        self.annotations = annotations
        super.init(name: name, range: range)
    }
}

/// An element of a table's `actions`: the action and the arguments bound there, those of its parameters with a
/// direction.
final class TableActionSymbol: Symbol {
    let action: ActionSymbol
    let boundArguments: [TypedExpression]
    let annotations: [Annotation]

    init(action: ActionSymbol, boundArguments: [TypedExpression], annotations: [Annotation], range: SourceRange) {
        self.action = action
        self.boundArguments = boundArguments
        self.annotations = annotations
        super.init(name: action.name, range: range)
    }

    /// The parameters that an entry fills in.
    var entryParameters: [Variable] { action.parameters.filter { $0.direction == .none } }
}

/// A program after checking: what `main` is made of.
struct TypedProgram {
    var main: InstanceSymbol?
    var topLevelInstances: [InstanceSymbol]
    /// Names of the errors, by value.
    var errors: [String]
}
