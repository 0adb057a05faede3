// SPDX-License-Identifier: Apache-2.0

/// The names declared so far, by scope, and whether each is a type: P4 cannot be parsed without.
///
/// `(a) (b)` is a cast if `a` is a type, `a<b>(c)` a call if `b` is one. Undeclared names have no kind; the
/// parser then takes the reading that makes sense, and the checker reports the name.
struct NameScopes {
    enum Kind { case type, value }

    private var kinds: [String: Kind] = [:]
    /// What a declaration hid, to be put back when its scope ends.
    private var hidden: [(name: String, kind: Kind?)] = []
    private var scopeStarts: [Int] = []

    subscript(name: String) -> Kind? { kinds[name] }

    mutating func declare(_ name: Name, as kind: Kind) {
        if !scopeStarts.isEmpty { hidden.append((name.text, kinds[name.text])) }
        kinds[name.text] = kind
    }

    mutating func begin() { scopeStarts.append(hidden.count) }

    mutating func end() {
        let start = scopeStarts.popLast() ?? 0
        while hidden.count > start, let (name, kind) = hidden.popLast() { kinds[name] = kind }
    }
}
