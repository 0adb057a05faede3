// SPDX-License-Identifier: Apache-2.0

import SwitchIR

/// What the control plane does with a table.
extension MatchTable {
    /// Adds an entry and gives its index.
    mutating func add(_ entry: EntrySchema) throws(EngineError) -> Int {
        guard kind != .keyless else {
            throw EngineError(.noTableKey, schema.name, "the table has no key, it can only be given a default action")
        }
        var entry = entry
        entry.keys = try shape.canonical(entry.keys)
        try checkAction(entry.action, asDefault: false)
        guard find(entry) == nil else {
            throw EngineError(.duplicateEntry, schema.name, "an entry with this key is there already")
        }
        guard entries.count < capacity else {
            throw EngineError(.tableFull, schema.name, "it holds \(capacity) entries")
        }
        // The index takes 24 bits of a handle.
        guard entries.count < 1 << 24 else { throw EngineError(.tableFull, schema.name, "it holds 2^24 entries") }
        let index = entries.add(entry)
        insert(entry, index)
        return index
    }

    mutating func modify(_ handle: Int, _ action: ActionCall) throws(EngineError) {
        let index = try entries.index(of: handle, table: schema.name)
        try checkAction(action, asDefault: false)
        entries.modify(index, action)
    }

    mutating func delete(_ handle: Int) throws(EngineError) -> Int {
        let index = try entries.index(of: handle, table: schema.name)
        if let entry = entries.schemas[index] { remove(entry, index) }
        entries.remove(index)
        return index
    }

    mutating func setDefault(_ action: ActionCall) throws(EngineError) {
        try checkAction(action, asDefault: true)
        entries.setAction(0, action)
        defaultAction = action
    }

    func setCounter(_ index: Int, _ value: CounterValue) { entries.records[index + 1].counter = value }

    func counter(_ index: Int) -> CounterValue { entries.records[index + 1].counter }

    private func checkAction(_ action: ActionCall, asDefault: Bool) throws(EngineError) {
        guard let listed = schema.actions.first(where: { $0.action == action.action }) else {
            throw EngineError(.invalidAction, schema.name, "the table does not have this action")
        }
        let name = actions[action.action].name
        if asDefault ? listed.isTableOnly : listed.isDefaultOnly {
            let place = asDefault ? "entries" : "the default action"
            throw EngineError(.invalidAction, schema.name, "action \(name) may stand in \(place) only")
        }
        try checkData(action)
    }

    func checkData(_ action: ActionCall) throws(EngineError) {
        let parameters = actions[action.action].parameters
        guard parameters.map(\.width) == action.arguments.map(\.width) else {
            let wanted = parameters.map { "\($0.name) of \($0.width) bits" }.joined(separator: ", ")
            let name = actions[action.action].name
            throw EngineError(
                .badActionData, schema.name, "action \(name) takes \(wanted.isEmpty ? "nothing" : wanted)")
        }
    }

    // MARK: Indices

    private func find(_ entry: EntrySchema) -> Int? {
        switch kind {
        case .keyless: return nil
        case .exactNarrow:
            gather(entry.keys)
            let index = narrow.find(key[0])
            return index < 0 ? nil : index
        case .exactWord, .exact:
            gather(entry.keys)
            let index = exact.find(key)
            return index < 0 ? nil : index
        case .prefixWord, .prefix:
            let index = prefixes.find(key, length: gather(entry.keys))
            return index < 0 ? nil : index
        case .rules:
            return entries.schemas.firstIndex {
                $0.map { $0.priority == entry.priority && $0.keys == entry.keys } ?? false
            }
        }
    }

    private mutating func insert(_ entry: EntrySchema, _ index: Int) {
        switch kind {
        case .keyless: break
        case .exactNarrow:
            gather(entry.keys)
            narrow.set(key[0], to: index)
        case .exactWord, .exact:
            gather(entry.keys)
            exact.set(key, to: index)
        case .prefixWord, .prefix:
            let length = gather(entry.keys)
            prefixes.set(key, length: length, to: index)
        case .rules: rules.insert(entry.keys, shape: shape, priority: entry.priority, entry: index)
        }
    }

    private mutating func remove(_ entry: EntrySchema, _ index: Int) {
        switch kind {
        case .keyless: break
        case .exactNarrow:
            gather(entry.keys)
            narrow.remove(key[0])
        case .exactWord, .exact:
            gather(entry.keys)
            exact.remove(key)
        case .prefixWord, .prefix:
            let length = gather(entry.keys)
            prefixes.remove(key, length: length)
        case .rules: rules.remove(entry: index)
        }
    }

    /// Puts an entry's key into `key` and gives its prefix length, if it has one.
    @discardableResult
    private func gather(_ keys: [KeyMatch]) -> Int {
        var length = 0
        for (field, match) in zip(shape.fields, keys) {
            let value: BitString
            switch match {
            case .exact(let exact): value = exact
            case .lpm(let prefix, let prefixLength): (value, length) = (prefix, prefixLength)
            case .ternary(let ternary, _): value = ternary
            case .range(let low, _): value = low
            }
            for word in 0..<field.count { key[field.first + word] = value.words[word] }
        }
        return length
    }
}
