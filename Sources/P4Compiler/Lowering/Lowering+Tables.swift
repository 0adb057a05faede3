// SPDX-License-Identifier: Apache-2.0

import BigInt
import SwitchIR

extension Lowering {
    /// Makes the schemas of a control's tables when it is applied for the first time, all its variables in place.
    func setUpTables(of control: BlockInstance) {
        guard !control.hasTables else { return }
        control.hasTables = true
        for table in control.symbol.tables {
            control.tables[table] = tables.count
            tables.append(schema(of: table, in: control))
        }
    }

    private func schema(of table: TableSymbol, in control: BlockInstance) -> TableSchema {
        let name = controlPlaneName(of: table.name, table.annotations, in: control.name)
        var schema = TableSchema(name: name, keys: [], actions: [], defaultAction: ActionCall(action: 0))
        for key in table.keys {
            guard let match = MatchKind(rawValue: key.matchKind) else {
                unsupported("the match kind '\(key.matchKind)'", at: key.range)
                continue
            }
            schema.keys.append(
                KeySchema(name: key.name, match: match, width: width(of: key.expression.type), slot: keySlot(key)))
        }
        if schema.keys.count(where: { $0.match == .lpm }) > 1 {
            error("table '\(table.name)' has more than one lpm key", at: table.range)
        }
        schema.actions = table.actions.map { action in
            .init(
                action: actionIndex(action, in: control), isTableOnly: action.annotations.contains("tableonly"),
                isDefaultOnly: action.annotations.contains("defaultonly"))
        }
        if let (action, arguments) = table.defaultAction {
            schema.defaultAction = call(action, arguments, in: control)
            if !schema.actions.contains(where: { $0.action == schema.defaultAction.action }) {
                schema.actions.append(.init(action: schema.defaultAction.action, isDefaultOnly: true))
            }
        }
        schema.isDefaultConstant = table.isDefaultConstant
        schema.areEntriesConstant = table.areEntriesConstant
        schema.entries = entries(of: table, in: control)
        schema.size = table.size ?? 1024
        if case .directCounter(let index)? = table.directCounter.flatMap({ directObject($0, of: table, in: control) }) {
            schema.directCounter = index
        }
        if case .directMeter(let index, let slot)? = table.directMeter.flatMap({
            directObject($0, of: table, in: control)
        }) {
            (schema.directMeter, schema.directMeterSlot) = (index, slot)
        }
        return schema
    }

    private func directObject(_ symbol: InstanceSymbol, of table: TableSymbol, in control: BlockInstance)
        -> SwitchObject?
    {
        if let known = object(symbol) { return known }
        // Made in the table itself: `counters = direct_counter(…);`.
        return makeObject(symbol, named: "\(control.name).\(table.name)")
    }

    /// A key that stays in slots of its own is matched there; others are loaded before each apply.
    private func keySlot(_ key: TableSymbol.Key) -> Slot {
        if case .slots(let slot)? = slotStorage(of: key.expression), !FramePlan.isConstant(slot) { return slot }
        return frame.allocatePersistent(width: width(of: key.expression.type))
    }

    private func slotStorage(of expression: TypedExpression) -> Storage? {
        switch expression.kind {
        case .variable, .member:
            guard expression.root != nil, case .slots(let slot)? = storage(of: expression) else { return nil }
            return .slots(slot)
        default: return nil
        }
    }

    /// Loads the keys and applies a table.
    func apply(_ table: TableSymbol, hit: Slot, action: Slot) {
        guard let index = instance?.tables[table] else { return }
        for (key, schema) in zip(table.keys, tables[index].keys) { evaluate(key.expression, into: schema.slot) }
        code.emit(.apply, a: hit, b: action, d: index)
    }

    func computeHit(_ call: TypedCall, isMiss: Bool, into destination: Slot) {
        guard case .table(let table) = call.callee else { return }
        apply(table, hit: destination, action: frame.allocate(width: 32))
        if isMiss { code.emit(.xor, width: 1, a: destination, b: destination, c: constantSlot(1)) }
    }

    func lowerSwitch(_ call: TypedCall, _ cases: [TypedStatement.ActionCase]) {
        guard case .table(let table) = call.callee, let control = instance else { return }
        let (hit, run) = (frame.allocate(width: 1), frame.allocate(width: 32))
        apply(table, hit: hit, action: run)
        lowerCases(cases.map { (labels: $0.actions, isDefault: $0.isDefault, body: $0.body) }) {
            action, equal, target in
            let index = self.actionIndex(action, in: control)
            self.code.branch(
                equal ? .branchIfEqual : .branchIfNotEqual, width: 32, b: run, c: self.constantSlot(index), to: target)
        }
    }

    // MARK: Entries

    private func entries(of table: TableSymbol, in control: BlockInstance) -> [EntrySchema] {
        let priorities = table.entries.compactMap(\.priority)
        let highest = priorities.max() ?? 0
        let isOrdered = table.keys.contains { $0.matchKind != "exact" && $0.matchKind != "lpm" }
        var places: [EntryPlace: Int] = [:]
        return table.entries.enumerated().compactMap { position, entry in
            var priority = position + 1
            if let given = entry.priority { priority = table.largestPriorityWins ? highest - given + 1 : given }
            var keys: [KeyMatch] = []
            for (set, key) in zip(entry.keys, table.keys) {
                guard let match = match(set, key, at: entry.range) else { return nil }
                keys.append(match)
            }
            let place = EntryPlace(keys: keys, priority: isOrdered ? priority : 0)
            if let other = places.updateValue(position, forKey: place) {
                diagnostics.error(
                    "table '\(table.name)' has an entry with this key", at: entry.range,
                    notes: [Diagnostic.Note("it is here", at: table.entries[other].range)])
            }
            return EntrySchema(
                keys: keys, action: call(entry.action, entry.arguments, in: control), priority: priority)
        }
    }

    /// What two entries of a table may not share.
    private struct EntryPlace: Hashable {
        var keys: [KeyMatch]
        /// 0 where entries have no order.
        var priority: Int
    }

    private func match(_ set: Keyset, _ key: TableSymbol.Key, at range: SourceRange) -> KeyMatch? {
        let width = width(of: key.expression.type)
        let (none, all) = (BigInt(0), (BigInt(1) << width) - 1)
        func bits(_ value: BigInt) -> BitString { BitString(width: width, words: value.words(width: width)) }
        func number(_ expression: TypedExpression) -> BigInt? {
            if let number = fold(expression).constant?.number { return number.cut(to: width) }
            error("an entry's key must be known at compile time", at: expression.range)
            return nil
        }
        switch (key.matchKind, set) {
        case ("exact", .value(let value)): return number(value).map { .exact(bits($0)) }
        case ("lpm", .any): return .lpm(bits(none), prefixLength: 0)
        case ("lpm", .value(let value)): return number(value).map { .lpm(bits($0), prefixLength: width) }
        case ("lpm", .masked(let value, let mask)):
            guard let value = number(value), let mask = number(mask) else { return nil }
            let length = width - (all - mask).bitWidthAsUnsigned
            guard mask == all - ((BigInt(1) << (width - length)) - 1) else {
                error("the mask of an lpm key must be a prefix", at: range)
                return nil
            }
            return .lpm(bits(value & mask), prefixLength: length)
        case ("range", .any): return .range(bits(none), bits(all))
        case ("range", .value(let value)): return number(value).map { .range(bits($0), bits($0)) }
        case ("range", .range(let low, let high)):
            guard let low = number(low), let high = number(high) else { return nil }
            return .range(bits(low), bits(high))
        case ("ternary", .any), ("optional", .any): return .ternary(bits(none), mask: bits(none))
        case ("ternary", .value(let value)), ("optional", .value(let value)):
            return number(value).map { .ternary(bits($0), mask: bits(all)) }
        case ("ternary", .masked(let value, let mask)):
            guard let value = number(value), let mask = number(mask) else { return nil }
            return .ternary(bits(value & mask), mask: bits(mask))
        default:
            error("a key that matches by '\(key.matchKind)' can't take this", at: range)
            return nil
        }
    }
}
