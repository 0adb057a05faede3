// SPDX-License-Identifier: Apache-2.0

public import SwitchIR

/// An entry with the handle that names it.
public struct TableEntry: Sendable, Hashable {
    /// The number by which the entry is changed or deleted.
    public var handle: Int
    /// The entry as it was given.
    public var entry: EntrySchema
}

/// Changes to tables. `table` is an index into `SwitchProgram.tables`; what is refused changes nothing.
extension Engine {
    /// Adds an entry and gives its handle.
    @discardableResult
    public mutating func insert(_ entry: EntrySchema, into table: Int) throws(EngineError) -> Int {
        try checkMutable(table)
        let index = try interpreter.tables[table].add(entry)
        interpreter.growDirectMeter(of: table)
        return interpreter.tables[table].entries.handle(of: index)
    }

    /// Gives an entry another action.
    public mutating func modify(_ handle: Int, of table: Int, action: ActionCall) throws(EngineError) {
        try checkMutable(table)
        try interpreter.tables[table].modify(handle, action)
    }

    /// Deletes an entry.
    /// - Throws: `EngineError` if the handle names no entry, or the entries are constant.
    public mutating func delete(_ handle: Int, of table: Int) throws(EngineError) {
        try checkMutable(table)
        let index = try interpreter.tables[table].delete(handle)
        if let meter = program.tables[table].directMeter { interpreter.meters[meter].reset(index) }
    }

    /// Deletes all entries; the default action stays.
    public mutating func clear(_ table: Int) throws(EngineError) {
        for entry in try entries(of: table) { try delete(entry.handle, of: table) }
    }

    /// Gives a table another default action.
    /// - Throws: `EngineError` if the table may not run it, the arguments do not fit, or the default is constant.
    public mutating func setDefault(_ action: ActionCall, of table: Int) throws(EngineError) {
        try checkTable(table)
        guard !program.tables[table].isDefaultConstant else {
            throw EngineError(.defaultEntryIsConst, program.tables[table].name, "the default action is constant")
        }
        try interpreter.tables[table].setDefault(action)
    }

    /// Gives the table the default action its program declares.
    public mutating func resetDefault(of table: Int) throws(EngineError) {
        try checkTable(table)
        try setDefault(program.tables[table].defaultAction, of: table)
    }

    /// The action at a miss.
    public func defaultAction(of table: Int) throws(EngineError) -> ActionCall {
        try checkTable(table)
        return interpreter.tables[table].defaultAction
    }

    /// The entries by index of their handle.
    public func entries(of table: Int) throws(EngineError) -> [TableEntry] {
        try checkTable(table)
        return interpreter.tables[table].entries.schemas.enumerated().compactMap { index, schema in
            schema.map { TableEntry(handle: interpreter.tables[table].entries.handle(of: index), entry: $0) }
        }
    }

    /// How many entries a table holds.
    public func entryCount(of table: Int) throws(EngineError) -> Int {
        try checkTable(table)
        return interpreter.tables[table].entries.count
    }

    func checkTable(_ table: Int) throws(EngineError) {
        guard program.tables.indices.contains(table) else {
            throw EngineError(.invalidIndex, "table \(table)", "\(program.name) has \(program.tables.count) tables")
        }
    }

    private func checkMutable(_ table: Int) throws(EngineError) {
        try checkTable(table)
        guard !program.tables[table].areEntriesConstant else {
            throw EngineError(.immutableTableEntries, program.tables[table].name, "the program's entries are constant")
        }
    }
}
