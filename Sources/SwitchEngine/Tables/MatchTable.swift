// SPDX-License-Identifier: Apache-2.0

import SwitchIR

/// A match-action table with its entries.
struct MatchTable: ~Copyable, Sendable {
    enum Kind: Sendable {
        case keyless
        /// One word, all of it compared: the commonest table.
        case exactWord, exact
        case prefixWord, prefix
        case rules
    }

    let schema: TableSchema
    let shape: KeyShape
    let kind: Kind
    private let actions: [ActionSchema]
    private(set) var entries: EntryStore
    private(set) var defaultAction: ActionCall
    let capacity: Int
    /// Whether a hit counts or meters.
    let hasDirect: Bool
    /// Slot of each word of the key, and where the words are gathered.
    private let slots: OwnedBuffer<UInt16>
    private let key: OwnedBuffer<UInt64>
    private let firstSlot: UInt16
    private var exact: HashIndex
    private var prefixes: PrefixIndex
    private var rules: RuleList

    /// A table with the default action and the entries that the program gives it.
    static func make(_ schema: TableSchema, actions: [ActionSchema]) throws(EngineError) -> MatchTable {
        var table = MatchTable(schema, actions: actions)
        try table.checkData(schema.defaultAction)
        table.entries.setAction(0, schema.defaultAction)
        for entry in schema.entries { _ = try table.add(entry) }
        return table
    }

    private init(_ schema: TableSchema, actions: [ActionSchema]) {
        let named = schema.actions.map(\.action) + [schema.defaultAction.action]
        self.schema = schema
        self.actions = actions
        let shape = KeyShape(schema)
        self.shape = shape
        kind = Self.kind(of: shape)
        let wordSlots = schema.keys.flatMap { key in
            (0..<BitString.wordCount(key.width)).map { UInt16(key.slot + $0) }
        }
        slots = OwnedBuffer(wordSlots)
        firstSlot = wordSlots.first ?? 0
        key = OwnedBuffer(count: shape.words, repeating: 0)
        exact = HashIndex(words: shape.words)
        let unused = KeyShape.Field(name: "", match: .lpm, width: 0, first: 0, count: 0)
        prefixes = PrefixIndex(words: shape.words, field: shape.fields.first { $0.match == .lpm } ?? unused)
        rules = RuleList(shape)
        entries = EntryStore(stride: named.map { Self.argumentWords(actions[$0]) }.max() ?? 0)
        defaultAction = schema.defaultAction
        capacity = schema.areEntriesConstant ? schema.entries.count : schema.size
        hasDirect = schema.directCounter != nil || schema.directMeter != nil
    }

    private static func kind(of shape: KeyShape) -> Kind {
        let kinds = shape.fields.map(\.match)
        if kinds.isEmpty { return .keyless }
        if kinds.contains(where: { $0 == .ternary || $0 == .range || $0 == .optional }) { return .rules }
        if kinds.contains(.lpm) { return shape.words == 1 ? .prefixWord : .prefix }
        return shape.words == 1 ? .exactWord : .exact
    }

    static func argumentWords(_ action: ActionSchema) -> Int {
        action.parameters.reduce(0) { $0 + BitString.wordCount($1.width) }
    }

    // MARK: Packet path

    /// The index of the entry that the key in the packet's slots hits, or -1.
    @inline(never)
    mutating func lookup(_ context: Context) -> Int {
        switch kind {
        case .exactWord: return exact.find(context.slot(firstSlot))
        case .prefixWord: return prefixes.find(context.slot(firstSlot))
        case .keyless: return -1
        case .exact, .prefix, .rules: return lookupWords(context)
        }
    }

    @inline(never)
    private mutating func lookupWords(_ context: Context) -> Int {
        for word in 0..<slots.count { key[word] = context.slot(slots[word]) }
        switch kind {
        case .exact: return exact.find(key)
        case .prefix: return prefixes.find(key)
        default: return rules.find(key)
        }
    }

    /// Copies the arguments of entry number `number` to their slots; gives its action.
    @inline(__always)
    func load(
        _ number: Int, into context: Context, _ actions: borrowing OwnedBuffer<Interpreter.ActionRecord>,
        _ actionSlots: borrowing OwnedBuffer<UInt16>
    ) -> UInt32 {
        let action = entries.records[number].action
        let record = actions[Int(action)]
        let (slot, argument) = (record.firstSlot, number &* entries.stride)
        // Most actions take one or two words: a loop costs more than it does.
        guard record.slotCount > 0 else { return action }
        context.set(actionSlots[slot], entries.arguments[argument])
        guard record.slotCount > 1 else { return action }
        context.set(actionSlots[slot &+ 1], entries.arguments[argument &+ 1])
        var word = 2
        while word < record.slotCount {
            context.set(actionSlots[slot &+ word], entries.arguments[argument &+ word])
            word &+= 1
        }
        return action
    }

    func count(_ index: Int, bytes: UInt32) {
        entries.records[index &+ 1].counter.packets &+= 1
        entries.records[index &+ 1].counter.bytes &+= UInt64(bytes)
    }

    // MARK: Control plane

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

    private func checkData(_ action: ActionCall) throws(EngineError) {
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
