// SPDX-License-Identifier: Apache-2.0

import ProgramAssembly
import SwitchEngine
import SwitchIR
import Testing

/// Header instances, stacks and varbit fields.
struct HeaderTests {
    private let packet: [UInt8] = [1, 2, 3, 4, 9, 9]

    /// Two user metadata slots that a program can show.
    private func probe(_ count: Int) -> (ProbeProgram, [Int]) {
        var assembly = Assembly()
        let slots = (0..<count).map { _ in assembly.metadata() }
        var probe = ProbeProgram(observing: slots)
        for _ in slots { _ = probe.assembly.metadata() }
        return (probe, slots)
    }

    @Test(arguments: [(0, 8), (8, 8), (16, 16), (3, 13), (0, 32), (7, 1), (4, 24), (31, 1)])
    func fieldsAreReadAndWrittenAtTheirBits(offset: Int, width: Int) throws {
        let (start, slots) = probe(2)
        var probe = start
        let h = probe.h
        probe.ingress { p in
            p.op(.loadField, w: width, a: slots[0], b: h, d: offset)
            p.op(.not, w: width, a: slots[1], b: slots[0])
            p.op(.storeField, w: width, a: h, b: slots[1], d: offset)
        }
        var test = try TestSwitch(probe.program)
        let sent = test.send(packet)[0].bytes
        let word: UInt32 = 0x0102_0304
        let mask = UInt32(truncatingIfNeeded: (UInt64(1) << UInt64(width)) - 1) << UInt32(32 - offset - width)
        #expect(probe.values(sent)[0] == UInt64((word & mask) >> UInt32(32 - offset - width)))
        let changed = word ^ mask
        let bytes: [UInt8] = (0..<4).map { UInt8(truncatingIfNeeded: changed >> UInt32(24 - $0 * 8)) }
        #expect(probe.rest(sent) == bytes + [9, 9])
    }

    @Test(arguments: 0..<8) func aFieldOf64BitsMayBeginAtAnyBit(offset: Int) throws {
        let (start, slots) = probe(2)
        var probe = start
        let wide = probe.assembly.header("hdr.wide", [("a", offset), ("b", 64), ("c", 8 - offset)])
        probe.assembly.parser { $0.op(.extract, a: wide) }
        probe.ingress { p in
            p.op(.loadField, w: 64, a: slots[0], b: wide, d: offset)
            p.op(.storeField, w: 64, a: wide, b: p.constant(0x0123_4567_89AB_CDEF), d: offset)
            p.op(.loadField, w: 64, a: slots[1], b: wide, d: offset)
        }
        probe.assembly.deparser { p in
            p.op(.emit, a: 1)
            p.op(.emit, a: wide)
        }
        var test = try TestSwitch(probe.program)
        let bytes: [UInt8] = [0xF1, 0xE2, 0xD3, 0xC4, 0xB5, 0xA6, 0x97, 0x88, 0x79]
        let sent = test.send(bytes)[0].bytes
        let first = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        let expected = offset == 0 ? first : first << UInt64(offset) | UInt64(bytes[8]) >> UInt64(8 - offset)
        #expect(probe.values(sent) == [expected, 0x0123_4567_89AB_CDEF])
        // The bits around the field are as they were.
        let rest = probe.rest(sent)
        let (before, after) = (UInt8(0xF1) >> UInt8(8 - offset), UInt8(0x79) << UInt8(offset))
        #expect(rest[0] >> UInt8(8 - offset) == before)
        #expect(rest[8] << UInt8(offset) == after)
    }

    @Test func wideFieldsKeepTheirWords() throws {
        let (start, slots) = probe(2)
        var probe = start
        let wide = probe.assembly.header("hdr.wide", [("a", 4), ("b", 100)])
        probe.assembly.parser { $0.op(.extract, a: wide) }
        probe.ingress { p in
            p.op(.loadFieldWide, w: 100, a: slots[0], b: wide, d: 4)
            p.op(.storeFieldWide, w: 100, a: wide, b: slots[0], d: 4)
        }
        probe.assembly.deparser { p in
            p.op(.emit, a: 1)
            p.op(.emit, a: wide)
        }
        var test = try TestSwitch(probe.program)
        let bytes: [UInt8] = [0xF1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]
        let sent = test.send(bytes)[0].bytes
        #expect(probe.values(sent) == [0x0607_0809_0A0B_0C0D, 0x1_0203_0405])
        #expect(probe.rest(sent) == bytes)
    }

    @Test func setValidZeroesAnInvalidHeaderAndLeavesAValidOne() throws {
        var (probe, _) = probe(0)
        let extra = probe.assembly.header("hdr.extra", [("a", 16)])
        let h = probe.h
        probe.ingress { p in
            p.op(.setValid, a: extra)
            p.op(.storeField, w: 16, a: extra, b: p.constant(0xBEEF), d: 0)
            p.op(.setValid, a: extra)
            p.op(.setInvalid, a: h)
            p.op(.setValid, a: h)
        }
        probe.assembly.deparser { p in
            p.op(.emit, a: h)
            p.op(.emit, a: extra)
        }
        var test = try TestSwitch(probe.program)
        #expect(test.send(packet).map(\.bytes) == [[0, 0, 0, 0, 0xBE, 0xEF, 9, 9]])
        #expect(test.send(packet).map(\.bytes) == [[0, 0, 0, 0, 0xBE, 0xEF, 9, 9]])
    }

    @Test func anInvalidHeaderReadsAs0TakesNoWritesAndIsNotEmitted() throws {
        let (start, slots) = probe(3)
        var probe = start
        let h = probe.h
        probe.ingress { p in
            p.op(.setInvalid, a: h)
            p.op(.storeField, w: 8, a: h, b: p.constant(7), d: 0)
            p.op(.loadField, w: 32, a: slots[0], b: h, d: 0)
            p.op(.isValid, a: slots[1], b: h)
            p.op(.equalHeader, a: slots[2], b: h, c: h)
        }
        var test = try TestSwitch(probe.program)
        let sent = test.send(packet)[0].bytes
        #expect(probe.values(sent) == [0, 0, 0])
        #expect(probe.rest(sent) == [9, 9])
    }

    @Test func headersAreCopiedWithTheirValidityAndCompared() throws {
        let (start, slots) = probe(4)
        var probe = start
        let fields = [("op", 8), ("x", 8), ("y", 16)]
        let (copy, never) = (probe.assembly.header("hdr.copy", fields), probe.assembly.header("hdr.never", fields))
        let h = probe.h
        probe.ingress { p in
            p.op(.copyHeader, a: copy, b: h)
            p.op(.equalHeader, a: slots[0], b: h, c: copy)
            p.op(.storeField, w: 8, a: h, b: p.constant(0xEE), d: 0)
            p.op(.equalHeader, a: slots[1], b: h, c: copy)
            p.op(.loadField, w: 8, a: slots[2], b: copy, d: 0)
            p.op(.copyHeader, a: h, b: never)
            p.op(.isValid, a: slots[3], b: h)
        }
        probe.assembly.deparser { p in
            for header in [1, h, copy] { p.op(.emit, a: header) }
        }
        var test = try TestSwitch(probe.program)
        let sent = test.send(packet)[0].bytes
        #expect(probe.values(sent) == [1, 0, 1, 0])
        #expect(probe.rest(sent) == packet)
    }

    // MARK: Stacks

    /// A program whose parser fills a stack of 3 one-byte elements from all of the packet's bytes up to a zero.
    private func stacked(_ slots: Int, _ body: @escaping (inout Assembly, [Int], Int, Int) -> Void) -> (
        ProbeProgram, [Int]
    ) {
        let (start, slots) = probe(slots)
        var probe = start
        let stack = probe.assembly.stack("hdr.s", count: 3, [("v", 8)])
        let first = probe.assembly.stacks[stack].first
        let (element, next) = (probe.assembly.local(), probe.assembly.local())
        probe.assembly.parser { p in
            let (again, done) = (p.label(), p.label())
            p.place(again)
            p.op(.lookahead, w: 8, a: next)
            p.jump(.branchIfZero, b: next, to: done)
            p.op(.stackNext, a: element, d: stack)
            p.op(.extractAt, a: element)
            p.op(.stackAdvance, d: stack)
            p.jump(.jump, to: again)
            p.place(done)
        }
        probe.ingress { body(&$0, slots, stack, first) }
        probe.assembly.deparser { p in
            p.op(.emit, a: 1)
            for index in 0..<3 { p.op(.emit, a: first + index) }
        }
        return (probe, slots)
    }

    @Test(
        arguments: [
            ([1, 2, 0], [1, 2, 0], 0, 1, 2), ([0], [0], 0, 0xFFFF_FFFF, 0),
            ([1, 2, 3, 4, 0], [1, 2, 3, 4, 0], 3, 2, 3),
            ([1, 2], [1, 2], 1, 1, 2),
        ] as [([UInt8], [UInt8], UInt64, UInt64, UInt64)])
    func aParserFillsAStack(bytes: [UInt8], out: [UInt8], error: UInt64, lastIndex: UInt64, last: UInt64) throws {
        let (probe, _) = stacked(3) { p, slots, stack, _ in
            p.op(.copy, w: 32, a: slots[0], b: Field.parserError.slot)
            p.op(.stackLastIndex, w: 32, a: slots[1], d: stack)
            p.op(.stackLast, a: slots[2], d: stack)
            p.op(.loadFieldAt, w: 8, a: slots[2], b: slots[2], d: 0)
        }
        var test = try TestSwitch(probe.program)
        let sent = test.send(bytes)[0].bytes
        #expect(probe.values(sent) == [error, lastIndex, last])
        #expect(probe.rest(sent) == out)
    }

    @Test(
        arguments: [
            (1, true, [1, 2]), (2, true, [1]), (3, true, []), (9, true, []), (1, false, [2, 3]), (2, false, [3]),
            (9, false, []),
        ] as [(Int, Bool, [UInt8])])
    func pushAndPopShift(count: Int, push: Bool, out: [UInt8]) throws {
        let (probe, _) = stacked(1) { p, slots, stack, first in
            p.op(push ? .pushFront : .popFront, b: count, d: stack)
            p.op(.isValid, a: slots[0], b: first)
        }
        var test = try TestSwitch(probe.program)
        for _ in 0..<3 {
            let sent = test.send([1, 2, 3, 0])[0].bytes
            #expect(probe.rest(sent) == out + [0])
            #expect(probe.values(sent)[0] == (push || out.isEmpty ? 0 : 1))
        }
    }

    @Test func aPushedElementGetsStorageOfItsOwn() throws {
        let (probe, _) = stacked(1) { p, slots, stack, first in
            for round in 0..<2 {
                p.op(.pushFront, b: 1, d: stack)
                p.op(.setValid, a: first)
                p.op(.storeField, w: 8, a: first, b: p.constant(UInt64(0xA0 + round)), d: 0)
            }
            p.op(.popFront, b: 1, d: stack)
            p.op(.setValid, a: first + 2)
            p.op(.storeField, w: 8, a: first + 2, b: p.constant(0xCC), d: 0)
            p.op(.stackElement, a: slots[0], b: p.constant(0), d: stack)
            p.op(.loadFieldAt, w: 8, a: slots[0], b: slots[0], d: 0)
        }
        var test = try TestSwitch(probe.program)
        for _ in 0..<4 {
            let sent = test.send([1, 2, 0])[0].bytes
            #expect(probe.values(sent) == [0xA0])
            #expect(probe.rest(sent) == [0xA0, 1, 0xCC, 0])
        }
    }

    @Test func anIndexPastTheEndIsAHeaderThatIsNotThere() throws {
        let (probe, _) = stacked(3) { p, slots, stack, first in
            p.op(.stackElement, a: slots[0], b: p.constant(3), d: stack)
            p.op(.setValidAt, a: slots[0])
            p.op(.storeFieldAt, w: 8, a: slots[0], b: p.constant(9), d: 0)
            p.op(.loadFieldAt, w: 8, a: slots[1], b: slots[0], d: 0)
            p.op(.isValidAt, a: slots[2], b: slots[0])
            p.op(.copyHeaderAt, a: slots[0], b: slots[0])
            p.op(.stackElement, a: slots[0], b: p.constant(1), d: stack)
            p.op(.setInvalidAt, a: slots[0])
            p.op(.copy, w: 64, a: slots[0], b: p.constant(.max))
            p.op(.storeFieldAt, w: 8, a: slots[0], b: p.constant(9), d: 0)
            p.op(.emit, a: first + 3)
        }
        var test = try TestSwitch(probe.program)
        let sent = test.send([1, 2, 3, 0])[0].bytes
        #expect(Array(probe.values(sent)[1...]) == [0, 0])
        #expect(probe.rest(sent) == [1, 3, 0])
    }
}
