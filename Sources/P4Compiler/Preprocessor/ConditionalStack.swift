// SPDX-License-Identifier: Apache-2.0

/// The `#if` groups open in one file, and whether the text in the innermost is kept.
struct ConditionalStack {
    private struct Group {
        let directive: Name
        let isOuterActive: Bool
        var isActive: Bool
        /// Some branch was chosen already: later ones are skipped.
        var isDecided: Bool
        var hasElse = false
    }

    private var groups: [Group] = []

    var isActive: Bool { groups.last?.isActive ?? true }
    /// The `#elif` or `#else` that comes would be looked at, were its condition true.
    var wantsBranch: Bool { groups.last.map { $0.isOuterActive && !$0.isDecided } ?? false }

    mutating func open(_ directive: Name, isTrue: Bool) {
        let outer = isActive
        groups.append(
            Group(directive: directive, isOuterActive: outer, isActive: outer && isTrue, isDecided: !outer || isTrue))
    }

    mutating func branch(_ directive: Name, isTrue: Bool, diagnostics: Diagnostics) {
        guard var group = groups.popLast() else {
            return diagnostics.error("'#\(directive)' without '#if'", at: directive.range)
        }
        if group.hasElse {
            diagnostics.error(
                "'#\(directive)' after '#else'", at: directive.range,
                notes: [.init("the conditional begins here", at: group.directive.range)])
        }
        group.isActive = group.isOuterActive && !group.isDecided && isTrue
        group.isDecided = group.isDecided || isTrue
        group.hasElse = group.hasElse || directive.text == "else"
        groups.append(group)
    }

    mutating func close(_ directive: Name, diagnostics: Diagnostics) {
        if groups.popLast() == nil { diagnostics.error("'#endif' without '#if'", at: directive.range) }
    }

    func reportOpenGroups(to diagnostics: Diagnostics) {
        for group in groups {
            diagnostics.error("'#\(group.directive)' has no '#endif'", at: group.directive.range)
        }
    }
}
