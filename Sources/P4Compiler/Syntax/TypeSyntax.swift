// SPDX-License-Identifier: Apache-2.0

/// A type as written.
final class TypeSyntax: Sendable {
    indirect enum Kind: Sendable {
        case void
        case bool
        /// `int` without a width: a whole number of any size.
        case integer
        case string
        case error
        case matchKind
        /// `bit<width>`; plain `bit` has no width and means 1.
        case bit(width: Expression?)
        /// `int<width>`
        case signed(width: Expression)
        case varbit(width: Expression)
        case named(PathName)
        /// `base<arguments>`; `base` is `.named`.
        case specialized(TypeSyntax, [TypeSyntax])
        case stack(TypeSyntax, size: Expression)
        case tuple([TypeSyntax])
        case list(TypeSyntax)
        /// `_` among type arguments: to be inferred.
        case dontCare
        /// In place of a type that could not be read; the error is already reported.
        case invalid
    }

    let id: NodeID
    let range: SourceRange
    let kind: Kind

    init(id: NodeID, range: SourceRange, kind: Kind) {
        self.id = id
        self.range = range
        self.kind = kind
    }
}
