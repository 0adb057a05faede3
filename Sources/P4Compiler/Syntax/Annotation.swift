// SPDX-License-Identifier: Apache-2.0

/// `@name`, `@name(…)` or `@name[…]` in front of a declaration, field, parameter, statement or table part.
struct Annotation: Sendable {
    enum Body: Sendable {
        case none
        /// `@name(…)`: free text by the language. The tokens are kept as written; `expressions` holds the
        /// same as a list of expressions where it reads as one (`@name("x")`, `@field_list(1, 2)`).
        case unstructured(tokens: [AnnotationToken], expressions: [Expression]?)
        /// `@name[a, b]`
        case expressions([Expression])
        /// `@name[a = 1, b = 2]`
        case keyValues([NamedExpression])
    }

    let name: Name
    let body: Body
    let range: SourceRange

    /// The expressions of the body, in either kind of brackets; empty for other bodies.
    var expressions: [Expression] {
        switch body {
        case .none, .keyValues: []
        case .unstructured(_, let expressions): expressions ?? []
        case .expressions(let expressions): expressions
        }
    }

    /// The one string of `@name("…")`.
    var stringArgument: String? {
        guard expressions.count == 1, case .string(let text) = expressions[0].kind else { return nil }
        return text
    }
}

/// One token of an annotation's free text.
struct AnnotationToken: Hashable, Sendable {
    let text: String
    let range: SourceRange
}

extension [Annotation] {
    /// The first annotation of a name, e.g. `annotations["tableonly"]`.
    subscript(name: String) -> Annotation? { first { $0.name.text == name } }

    func contains(_ name: String) -> Bool { self[name] != nil }

    /// What `@name("…")` says the control plane calls the annotated thing.
    var controlPlaneName: String? { self["name"]?.stringArgument }
}
