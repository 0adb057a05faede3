// SPDX-License-Identifier: Apache-2.0

import ProgramAssembly
import SwitchEngine
import SwitchIR
import Testing

/// Match-action tables: who wins, and what is refused.
struct TableTests {
    /// A table over fields of `widths` bits, whose key is the packet; action 1 `set(value)` shows which entry won.
    private struct Fixture {
        var probe: ProbeProgram
        let widths: [Int]

        init(_ kinds: [(MatchKind, Int)], size: Int = 1024, change: (inout TableSchema) -> Void = { _ in }) {
            var assembly = Assembly()
            let (value, hit, ran) = (assembly.metadata(16), assembly.metadata(), assembly.metadata())
            probe = ProbeProgram(observing: [value, hit, ran])
            for _ in 0..<3 { _ = probe.assembly.metadata() }
            widths = kinds.map(\.1)
            let total = widths.reduce(0, +)
            let fields = widths.enumerated().map { ("k\($0)", $1) } + (total % 8 == 0 ? [] : [("pad", 8 - total % 8)])
            let keyHeader = probe.assembly.header("hdr.key", fields)
            let slots = widths.map { probe.assembly.local($0) }
            probe.assembly.action("NoAction")
            probe.assembly.action("I.set", [("value", 16)]) { p, arguments in
                p.op(.copy, w: 16, a: value, b: arguments[0])
            }
            probe.assembly.action("I.wide", [("a", 100), ("b", 8)])
            let keys = kinds.enumerated().map { ("hdr.key.k\($0)", $1.0, $1.1, slots[$0]) }
            let table = probe.assembly.table("I.t", keys: keys, actions: [0, 1, 2], size: size)
            probe.assembly.counters = [CounterSchema(name: "direct", count: 0)]
            probe.assembly.tables[table].directCounter = 0
            change(&probe.assembly.tables[table])
            let widths = widths
            probe.assembly.parser { $0.op(.extract, a: keyHeader) }
            probe.ingress { p in
                var offset = 0
                for (index, width) in widths.enumerated() {
                    p.op(width > 64 ? .loadFieldWide : .loadField, w: width, a: slots[index], b: keyHeader, d: offset)
                    offset += width
                }
                p.op(.apply, a: hit, b: ran, d: table)
            }
        }

        /// The value of the entry that a key hits; 0 for a miss.
        func lookup(_ test: inout TestSwitch, _ key: [UInt8]) -> UInt64 {
            let values = probe.values(test.send(key)[0].bytes)
            #expect(values[1] == (values[0] == 0 ? 0 : 1))
            #expect(values[2] == values[1])
            return values[0]
        }
    }

    private static func set(_ value: UInt64) -> ActionCall {
        ActionCall(action: 1, arguments: [BitString(value, width: 16)])
    }

    private static func entry(_ keys: [KeyMatch], _ value: UInt64, priority: Int = 0) -> EntrySchema {
        EntrySchema(keys: keys, action: set(value), priority: priority)
    }

    private static func bits(_ value: UInt64, _ width: Int) -> BitString { BitString(value, width: width) }

    @Test func exactKeysOfAnyWidth() throws {
        for width in [8, 16, 32, 64, 72, 128] {
            let fixture = Fixture([(.exact, width)])
            var test = try TestSwitch(fixture.probe.program)
            for value: UInt64 in 1...100 {
                try test.engine.insert(Self.entry([.exact(Self.bits(value, width))], value + 1000), into: 0)
            }
            let pad = [UInt8](repeating: 0, count: width / 8 - 1)
            #expect(fixture.lookup(&test, pad + [7]) == 1007)
            #expect(fixture.lookup(&test, pad + [101]) == 0)
            if width > 64 { #expect(fixture.lookup(&test, [1] + pad.dropLast() + [7]) == 0) }
            // Half of them go; the others are still found.
            for entry in try test.engine.entries(of: 0) where entry.handle % 2 == 0 {
                try test.engine.delete(entry.handle, of: 0)
            }
            for value: UInt8 in 1...100 {
                #expect(fixture.lookup(&test, pad + [value]) == (value % 2 == 1 ? 0 : 1000 + UInt64(value)))
            }
        }
    }

    @Test func theLongestPrefixWinsWhateverTheOrder() throws {
        let fixture = Fixture([(.lpm, 32)])
        var test = try TestSwitch(fixture.probe.program)
        let prefixes: [(UInt64, Int)] = [(0x0A00_0000, 8), (0, 0), (0x0A01_0203, 32), (0x0A01_0000, 16)]
        for (value, length) in prefixes {
            try test.engine.insert(
                Self.entry([.lpm(Self.bits(value, 32), prefixLength: length)], UInt64(length) + 1), into: 0)
        }
        #expect(fixture.lookup(&test, [10, 1, 2, 3]) == 33)
        #expect(fixture.lookup(&test, [10, 1, 2, 4]) == 17)
        #expect(fixture.lookup(&test, [10, 2, 2, 4]) == 9)
        #expect(fixture.lookup(&test, [11, 2, 2, 4]) == 1)
        try test.engine.delete(3, of: 0)
        #expect(fixture.lookup(&test, [10, 1, 2, 4]) == 9)
    }

    @Test func aPrefixMayStandAmongExactFieldsAndBeWide() throws {
        let fixture = Fixture([(.exact, 8), (.lpm, 128), (.exact, 8)])
        var test = try TestSwitch(fixture.probe.program)
        let value = BitString(width: 128, words: [0, 0x2001_0DB8_0000_0000])
        try test.engine.insert(
            Self.entry([.exact(Self.bits(1, 8)), .lpm(value, prefixLength: 32), .exact(Self.bits(2, 8))], 5), into: 0)
        let address: [UInt8] = [0x20, 1, 0x0D, 0xB8] + [UInt8](repeating: 9, count: 12)
        #expect(fixture.lookup(&test, [1] + address + [2]) == 5)
        #expect(fixture.lookup(&test, [1] + address + [3]) == 0)
        #expect(fixture.lookup(&test, [1, 0x20, 1, 0x0D, 0xB9] + address.dropFirst(4) + [2]) == 0)
    }

    @Test func thePriorityDecidesAndThenTheLowerHandle() throws {
        let fixture = Fixture([(.ternary, 16)])
        var test = try TestSwitch(fixture.probe.program)
        func add(_ value: UInt64, _ mask: UInt64, _ result: UInt64, _ priority: Int) throws {
            let key = KeyMatch.ternary(Self.bits(value, 16), mask: Self.bits(mask, 16))
            try test.engine.insert(Self.entry([key], result, priority: priority), into: 0)
        }
        try add(0, 0, 1, 10)
        try add(0x1200, 0xFF00, 2, 5)
        try add(0x1234, 0xFFFF, 3, 7)
        try add(0x0004, 0x000F, 4, 5)
        try add(0x5600, 0xFF00, 5, -1)
        #expect(fixture.lookup(&test, [0x12, 0x35]) == 2)
        #expect(fixture.lookup(&test, [0x12, 0x34]) == 2)
        #expect(fixture.lookup(&test, [0x99, 0x94]) == 4)
        #expect(fixture.lookup(&test, [0x56, 0x74]) == 5)
        #expect(fixture.lookup(&test, [0x99, 0x99]) == 1)
        try test.engine.delete(1, of: 0)
        #expect(fixture.lookup(&test, [0x12, 0x34]) == 4)
    }

    @Test func rangesIncludeBothEndsAndMixWithOtherKinds() throws {
        let fixture = Fixture([(.range, 16), (.lpm, 8), (.optional, 8), (.range, 72)])
        var test = try TestSwitch(fixture.probe.program)
        let keys: [KeyMatch] = [
            .range(Self.bits(0x0100, 16), Self.bits(0x01FF, 16)), .lpm(Self.bits(0x80, 8), prefixLength: 1),
            .ternary(Self.bits(5, 8), mask: Self.bits(0xFF, 8)),
            .range(BitString(width: 72, words: [5, 1]), BitString(width: 72, words: [0, 2])),
        ]
        try test.engine.insert(Self.entry(keys, 9, priority: 1), into: 0)
        let wide: [UInt8] = [1, 0, 0, 0, 0, 0, 0, 0, 5]
        #expect(fixture.lookup(&test, [0x01, 0x00, 0x80, 5] + wide) == 9)
        #expect(fixture.lookup(&test, [0x01, 0xFF, 0xFF, 5, 2, 0, 0, 0, 0, 0, 0, 0, 0]) == 9)
        #expect(fixture.lookup(&test, [0x02, 0x00, 0x80, 5] + wide) == 0)
        #expect(fixture.lookup(&test, [0x00, 0xFF, 0x80, 5] + wide) == 0)
        #expect(fixture.lookup(&test, [0x01, 0x00, 0x7F, 5] + wide) == 0)
        #expect(fixture.lookup(&test, [0x01, 0x00, 0x80, 6] + wide) == 0)
        #expect(fixture.lookup(&test, [0x01, 0x00, 0x80, 5, 1, 0, 0, 0, 0, 0, 0, 0, 4]) == 0)
        #expect(fixture.lookup(&test, [0x01, 0x00, 0x80, 5, 2, 0, 0, 0, 0, 0, 0, 0, 1]) == 0)
    }

    @Test func equalKeysAreRefusedAfterMasking() throws {
        var test = try TestSwitch(Fixture([(.lpm, 16)]).probe.program)
        try test.engine.insert(Self.entry([.lpm(Self.bits(0x0100, 16), prefixLength: 8)], 1), into: 0)
        #expect(
            code { () throws(EngineError) in
                try test.engine.insert(Self.entry([.lpm(Self.bits(0x0180, 16), prefixLength: 8)], 2), into: 0)
            } == .duplicateEntry)
        test = try TestSwitch(Fixture([(.ternary, 8)]).probe.program)
        func ternary(_ value: UInt64, _ priority: Int) -> EntrySchema {
            Self.entry([.ternary(Self.bits(value, 8), mask: Self.bits(3, 8))], 1, priority: priority)
        }
        try test.engine.insert(ternary(7, 1), into: 0)
        #expect(code { () throws(EngineError) in try test.engine.insert(ternary(3, 1), into: 0) } == .duplicateEntry)
        try test.engine.insert(ternary(3, 2), into: 0)
        #expect(try test.engine.entryCount(of: 0) == 2)
    }

    @Test func aFullTableIsFullButADuplicateIsSaidFirst() throws {
        let fixture = Fixture([(.exact, 8)], size: 2)
        var test = try TestSwitch(fixture.probe.program)
        for value: UInt64 in [1, 2] { try test.engine.insert(Self.entry([.exact(Self.bits(value, 8))], 1), into: 0) }
        #expect(
            code { () throws(EngineError) in
                try test.engine.insert(Self.entry([.exact(Self.bits(3, 8))], 1), into: 0)
            } == .tableFull)
        #expect(
            code { () throws(EngineError) in
                try test.engine.insert(Self.entry([.exact(Self.bits(2, 8))], 1), into: 0)
            } == .duplicateEntry)
    }

    @Test func handlesCarryAVersion() throws {
        var test = try TestSwitch(Fixture([(.exact, 8)]).probe.program)
        func add(_ value: UInt64) throws -> Int {
            try test.engine.insert(Self.entry([.exact(Self.bits(value, 8))], value), into: 0)
        }
        #expect(try (1...3).map { try add($0) } == [0, 1, 2])
        try test.engine.delete(1, of: 0)
        #expect(code { () throws(EngineError) in try test.engine.delete(1, of: 0) } == .invalidHandle)
        #expect(try add(9) == 1 << 24 | 1)
        #expect(code { () throws(EngineError) in try test.engine.delete(1, of: 0) } == .expiredHandle)
        #expect(code { () throws(EngineError) in try test.engine.delete(77, of: 0) } == .invalidHandle)
        #expect(code { () throws(EngineError) in try test.engine.delete(-1, of: 0) } == .invalidHandle)
        try test.engine.clear(0)
        #expect(try test.engine.entries(of: 0).isEmpty)
    }

    @Test func modifyAndDefaultsChangeTheAction() throws {
        let fixture = Fixture([(.exact, 8)])
        var test = try TestSwitch(fixture.probe.program)
        try test.engine.insert(Self.entry([.exact(Self.bits(1, 8))], 5), into: 0)
        try test.engine.modify(0, of: 0, action: Self.set(6))
        #expect(fixture.lookup(&test, [1]) == 6)
        try test.engine.setDefault(Self.set(8), of: 0)
        #expect(fixture.probe.values(test.send([2])[0].bytes) == [8, 0, 1])
        try test.engine.resetDefault(of: 0)
        #expect(fixture.probe.values(test.send([2])[0].bytes) == [0, 0, 0])
        #expect(try test.engine.defaultAction(of: 0) == ActionCall(action: 0))
    }

    @Test func directCountersCountHitsAlone() throws {
        let fixture = Fixture([(.exact, 8)])
        var test = try TestSwitch(fixture.probe.program)
        try test.engine.insert(EntrySchema(keys: [.exact(Self.bits(1, 8))], action: ActionCall(action: 0)), into: 0)
        _ = test.send([1, 0, 0])
        _ = test.send([1, 0])
        _ = test.send([2])
        #expect(try test.engine.counter(0, 0) == CounterValue(packets: 2, bytes: 5))
        #expect(code { () throws(EngineError) in _ = try test.engine.counter(0, 1) } == .invalidHandle)
        try test.engine.delete(0, of: 0)
        try test.engine.insert(EntrySchema(keys: [.exact(Self.bits(3, 8))], action: ActionCall(action: 0)), into: 0)
        #expect(try test.engine.counter(0, 1 << 24) == CounterValue())
    }

    @Test func aDirectMeterWritesItsColourAtEveryHit() throws {
        var assembly = Assembly()
        let colour = assembly.metadata()
        var probe = ProbeProgram(observing: [colour])
        _ = probe.assembly.metadata()
        let (key, hit) = (probe.assembly.local(), probe.assembly.local())
        probe.assembly.action("NoAction")
        probe.assembly.meters = [MeterSchema(name: "m", unit: .packets, count: 0)]
        let table = probe.assembly.table("I.t", keys: [("k", .exact, 8, key)], actions: [0])
        probe.assembly.tables[table].directMeter = 0
        probe.assembly.tables[table].directMeterSlot = colour
        probe.ingress { $0.op(.apply, a: hit, b: hit, d: table) }
        var test = try TestSwitch(probe.program)
        try test.engine.insert(EntrySchema(keys: [.exact(Self.bits(0, 8))], action: ActionCall(action: 0)), into: 0)
        let rates = MeterRates(committedRate: 0, committedBurst: 1, peakRate: 0, peakBurst: 2)
        try test.engine.setMeterRates(0, 0, rates, now: test.times)
        #expect((0..<3).map { _ in probe.values(test.send([0, 0, 0, 0])[0].bytes)[0] } == [0, 1, 2])
    }

    @Test func constantEntriesWinInTheirOrderAndStay() throws {
        let fixture = Fixture([(.ternary, 8)]) { schema in
            schema.entries = [
                Self.entry([.ternary(Self.bits(1, 8), mask: Self.bits(1, 8))], 1, priority: 1),
                Self.entry([.ternary(Self.bits(0, 8), mask: Self.bits(0, 8))], 2, priority: 2),
            ]
            schema.areEntriesConstant = true
            schema.isDefaultConstant = true
        }
        var test = try TestSwitch(fixture.probe.program)
        #expect(fixture.lookup(&test, [3]) == 1)
        #expect(fixture.lookup(&test, [2]) == 2)
        let entry = Self.entry([.ternary(Self.bits(4, 8), mask: Self.bits(4, 8))], 3)
        #expect(code { () throws(EngineError) in try test.engine.insert(entry, into: 0) } == .immutableTableEntries)
        #expect(code { () throws(EngineError) in try test.engine.delete(0, of: 0) } == .immutableTableEntries)
        let call = Self.set(1)
        #expect(
            code { () throws(EngineError) in try test.engine.modify(0, of: 0, action: call) } == .immutableTableEntries)
        #expect(code { () throws(EngineError) in try test.engine.clear(0) } == .immutableTableEntries)
        #expect(
            code { () throws(EngineError) in try test.engine.setDefault(Self.set(1), of: 0) } == .defaultEntryIsConst)
    }

    @Test func aTableWithoutAKeyRunsItsDefaultAndTakesNoEntry() throws {
        let fixture = Fixture([])
        var test = try TestSwitch(fixture.probe.program)
        try test.engine.setDefault(Self.set(4), of: 0)
        #expect(fixture.probe.values(test.send([])[0].bytes) == [4, 0, 1])
        #expect(code { () throws(EngineError) in try test.engine.insert(Self.entry([], 1), into: 0) } == .noTableKey)
    }

    @Test(
        arguments: [
            ([(.exact, 8)], [.exact(BitString(1, width: 9))], .badMatchKey),
            ([(.exact, 8)], [], .badMatchKey),
            ([(.exact, 8)], [.lpm(BitString(1, width: 8), prefixLength: 8)], .badMatchKey),
            ([(.lpm, 8)], [.lpm(BitString(1, width: 8), prefixLength: 9)], .badMatchKey),
            ([(.lpm, 8)], [.lpm(BitString(1, width: 8), prefixLength: -1)], .badMatchKey),
            ([(.range, 8)], [.range(BitString(2, width: 8), BitString(1, width: 8))], .badMatchKey),
            ([(.optional, 8)], [.ternary(BitString(2, width: 8), mask: BitString(1, width: 8))], .badMatchKey),
        ] as [([(MatchKind, Int)], [KeyMatch], EngineError.Code)])
    func keysThatDoNotFitAreRefused(kinds: [(MatchKind, Int)], keys: [KeyMatch], expected: EngineError.Code) throws {
        var test = try TestSwitch(Fixture(kinds).probe.program)
        #expect(code { () throws(EngineError) in try test.engine.insert(Self.entry(keys, 1), into: 0) } == expected)
        #expect(try test.engine.entryCount(of: 0) == 0)
    }

    @Test func actionsThatDoNotFitAreRefused() throws {
        var test = try TestSwitch(
            Fixture([(.exact, 8)]) { schema in
                schema.actions[1].isDefaultOnly = true
                schema.actions[2].isTableOnly = true
            }.probe.program)
        let key = [KeyMatch.exact(Self.bits(1, 8))]
        func insert(_ call: ActionCall) -> EngineError.Code? {
            code { () throws(EngineError) in try test.engine.insert(EntrySchema(keys: key, action: call), into: 0) }
        }
        #expect(insert(Self.set(1)) == .invalidAction)
        #expect(insert(ActionCall(action: 99)) == .invalidAction)
        #expect(insert(ActionCall(action: 2, arguments: [Self.bits(1, 8)])) == .badActionData)
        #expect(insert(ActionCall(action: 2, arguments: [Self.bits(1, 100), Self.bits(1, 8)])) == nil)
        #expect(
            code { () throws(EngineError) in
                try test.engine.setDefault(
                    ActionCall(action: 2, arguments: [Self.bits(1, 100), Self.bits(1, 8)]), of: 0)
            } == .invalidAction)
    }
}
