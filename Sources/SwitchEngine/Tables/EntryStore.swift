// SPDX-License-Identifier: Apache-2.0

import SwitchIR

/// A table's entries by number, as the packet path needs them: action, arguments, direct counter.
///
/// Number 0 is the default action's; the entry with index `i` of a handle is number `i + 1`. The control
/// plane's view of each entry, for dumps and duplicates, is kept beside.
struct EntryStore: ~Copyable, Sendable {
    struct Record: BitwiseCopyable {
        var action: UInt32 = 0
        var version: UInt32 = 0
        var isUsed = false
        var counter = CounterValue()
    }

    private(set) var records: OwnedBuffer<Record>
    /// Words that a record's arguments take: those of the action that has most.
    let stride: Int
    private(set) var arguments: OwnedBuffer<UInt64>
    private(set) var schemas: [EntrySchema?] = []
    private(set) var count = 0
    /// Below it every index is taken.
    private var firstFree = 0

    init(stride: Int) {
        self.stride = stride
        records = OwnedBuffer(count: 1, repeating: Record())
        arguments = OwnedBuffer(count: stride, repeating: 0)
    }

    /// Takes the lowest index that is free.
    mutating func add(_ schema: EntrySchema) -> Int {
        while firstFree < schemas.count, schemas[firstFree] != nil { firstFree += 1 }
        let index = firstFree
        if index == schemas.count {
            schemas.append(nil)
            let capacity = max(8, records.count * 2)
            if index + 1 >= records.count {
                records.grow(to: capacity, repeating: Record())
                arguments.grow(to: capacity * stride, repeating: 0)
            }
        }
        schemas[index] = schema
        let version = records[index + 1].version
        records[index + 1] = Record(version: version, isUsed: true)
        setAction(index + 1, schema.action)
        count += 1
        return index
    }

    mutating func remove(_ index: Int) {
        schemas[index] = nil
        // A handle is version << 24 | index; the version takes 8 bits of the 32.
        records[index + 1].version = (records[index + 1].version + 1) & 0xFF
        records[index + 1].isUsed = false
        count -= 1
        firstFree = min(firstFree, index)
    }

    mutating func modify(_ index: Int, _ action: ActionCall) {
        schemas[index]?.action = action
        setAction(index + 1, action)
    }

    func setAction(_ number: Int, _ action: ActionCall) {
        records[number].action = UInt32(action.action)
        var place = number * stride
        for argument in action.arguments {
            for word in argument.words {
                arguments[place] = word
                place += 1
            }
        }
    }

    func handle(of index: Int) -> Int { Int(records[index + 1].version) << 24 | index }

    /// The index a handle names, if its entry is still there.
    func index(of handle: Int, table: String) throws(EngineError) -> Int {
        let index = handle & 0xFF_FFFF
        guard handle >= 0, handle >> 24 <= 0xFF, index < schemas.count, schemas[index] != nil else {
            throw EngineError(.invalidHandle, table, "there is no entry with handle \(handle)")
        }
        guard Int(records[index + 1].version) == handle >> 24 else {
            throw EngineError(.expiredHandle, table, "the entry with handle \(handle) was deleted")
        }
        return index
    }
}
