// SPDX-License-Identifier: Apache-2.0

import SwitchIR

/// A match-action table with its entries.
struct MatchTable: ~Copyable, Sendable {
    enum Kind: Sendable {
        case keyless
        /// One word of few bits, all of it compared: tables by port.
        case exactNarrow
        /// One word, all of it compared.
        case exactWord, exact
        case prefixWord, prefix
        case rules
    }

    let schema: TableSchema
    let shape: KeyShape
    let kind: Kind
    let actions: [ActionSchema]
    var entries: EntryStore
    var defaultAction: ActionCall
    let capacity: Int
    /// Whether a hit counts or meters.
    let hasDirect: Bool
    /// Slot of each word of the key, and where the words are gathered.
    private let slots: OwnedBuffer<UInt16>
    let key: OwnedBuffer<UInt64>
    private let firstSlot: UInt16
    let narrow: NarrowIndex
    var exact: HashIndex
    var prefixes: PrefixIndex
    var rules: RuleList

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
        narrow = NarrowIndex(width: kind == .exactNarrow ? shape.fields[0].width : 0)
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
        if kinds.count == 1, shape.fields[0].width <= NarrowIndex.maxWidth { return .exactNarrow }
        return shape.words == 1 ? .exactWord : .exact
    }

    static func argumentWords(_ action: ActionSchema) -> Int {
        action.parameters.reduce(0) { $0 + BitString.wordCount($1.width) }
    }

    // MARK: Packet path

    /// The index of the entry that the key in the packet's slots hits, or -1.
    @inline(__always)
    mutating func lookup(_ context: Context) -> Int {
        kind == .exactNarrow ? narrow.find(context.slot(firstSlot)) : search(context)
    }

    @inline(never)
    private mutating func search(_ context: Context) -> Int {
        switch kind {
        case .exactNarrow: return narrow.find(context.slot(firstSlot))
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
}
