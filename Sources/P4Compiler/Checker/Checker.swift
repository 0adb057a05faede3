// SPDX-License-Identifier: Apache-2.0

internal import TextLayout

/// Gives every name its meaning and every expression its type, and turns the syntax tree into the typed one.
///
/// It reports what is wrong and goes on: whatever it could not type has `P4Type.invalid`, which fits everywhere.
final class Checker {
    let diagnostics: Diagnostics
    var scope = Scope(parent: nil)
    /// The kind of code that is being checked.
    var place = CodePlace.topLevel
    /// The result type of the function being checked.
    var resultType: P4Type = .void
    var loopDepth = 0
    /// Members of `error` and of `match_kind`, in declared order.
    var errors: [String] = []
    var matchKinds: [String] = []
    var instances: [InstanceSymbol] = []
    /// The parser or control being checked.
    var block: BlockSymbol?

    init(diagnostics: Diagnostics) { self.diagnostics = diagnostics }

    /// The kind of code around a statement or expression. It decides what may be called there.
    enum CodePlace {
        case topLevel, parserState, control, action, function, blockLocals

        var name: String {
            switch self {
            case .topLevel: "the top level"
            case .parserState: "a parser state"
            case .control: "a control's apply block"
            case .action: "an action"
            case .function: "a function"
            case .blockLocals: "a declaration"
            }
        }
    }

    func check(_ program: Program) -> TypedProgram {
        for declaration in program.declarations { scope.later[declaration.name.text] = declaration.name.range }
        for declaration in program.declarations where !diagnostics.isFull { check(topLevel: declaration) }
        var typed = TypedProgram(topLevelInstances: instances, errors: errors)
        if case .instance(let main)? = scope.lookUp("main") { typed.main = main }
        return typed
    }

    func error(_ message: String, at range: SourceRange, notes: [Diagnostic.Note] = []) {
        diagnostics.error(message, at: range, notes: notes)
    }

    func warning(_ message: String, at range: SourceRange) {
        diagnostics.warning(message, at: range)
    }

    /// Binds a name in the innermost scope and refuses a second one.
    func declare(_ name: Name, _ binding: Binding) {
        scope.later[name.text] = nil
        if let earlier = scope.declare(name.text, binding, at: name.range) {
            error(
                "'\(name)' is declared twice", at: name.range,
                notes: [Diagnostic.Note("the first declaration is here", at: earlier)])
        }
    }

    /// Runs `body` inside a scope of its own.
    func inNewScope<Result>(_ body: () -> Result) -> Result {
        let outer = scope
        scope = Scope(parent: outer)
        defer { scope = outer }
        return body()
    }

    func inPlace<Result>(_ inner: CodePlace, _ body: () -> Result) -> Result {
        let outer = place
        place = inner
        defer { place = outer }
        return body()
    }

    /// What a name stands for; nil after an error about it. `expected` says in the message what was looked for.
    func lookUp(_ path: PathName, expected: String = "name") -> Binding? {
        let from = path.isAbsolute ? scope.root : scope
        if let binding = from.lookUp(path.text) {
            if case .invalid = binding { return nil }
            return binding
        }
        if let later = from.laterDeclaration(of: path.text) {
            error(
                "'\(path)' is used before its declaration", at: path.name.range,
                notes: [Diagnostic.Note("it is declared here", at: later)])
        } else {
            error(
                "unknown \(expected) '\(path)'" + NearName.didYouMean(path.text, among: from.names()),
                at: path.name.range)
        }
        return nil
    }
}
