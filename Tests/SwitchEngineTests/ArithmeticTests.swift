// SPDX-License-Identifier: Apache-2.0

import ProgramAssembly
import SwitchEngine
import SwitchIR
import Testing

/// Operations on numbers, against the same in wider arithmetic.
struct ArithmeticTests {
    private static func run(_ opcode: Opcode, _ width: Int, _ b: UInt64, _ c: UInt64, d: Int = 0, a: UInt64 = 0) throws
        -> UInt64
    {
        var assembly = Assembly()
        let slot = assembly.metadata(64)
        var probe = ProbeProgram(observing: [slot])
        _ = probe.assembly.metadata(64)
        probe.ingress { p in
            p.op(.copy, w: 64, a: slot, b: p.constant(a))
            p.op(opcode, w: width, a: slot, b: p.constant(b), c: p.constant(c), d: d)
        }
        var test = try TestSwitch(probe.program)
        return probe.values(test.send([0, 0, 0, 0])[0].bytes)[0]
    }

    @Test(
        arguments: [
            (.add, 8, 250, 10, 4), (.add, 64, .max, 2, 1), (.sub, 8, 1, 2, 255), (.sub, 64, 0, 1, .max),
            (.mul, 16, 0x1234, 0x5678, 0x0060), (.mul, 64, .max, .max, 1), (.div, 8, 200, 7, 28), (.div, 8, 200, 0, 0),
            (.mod, 8, 200, 7, 4), (.mod, 8, 200, 0, 0), (.neg, 8, 1, 0, 255), (.neg, 8, 0, 0, 0), (.not, 4, 5, 0, 10),
            (.and, 8, 0xCC, 0xAA, 0x88), (.or, 8, 0xCC, 0xAA, 0xEE), (.xor, 8, 0xCC, 0xAA, 0x66),
            (.copy, 4, 0xAB, 0, 0xB),
            (.shl, 8, 0x81, 1, 2), (.shl, 8, 1, 8, 0), (.shl, 64, 1, 64, 0), (.shl, 64, 1, 63, 1 << 63),
            (.shl, 8, 1, .max, 0),
            (.shrUnsigned, 8, 0x80, 7, 1), (.shrUnsigned, 8, 0x80, 8, 0), (.shrUnsigned, 64, .max, 64, 0),
            (.shrSigned, 8, 0x80, 4, 0xF8), (.shrSigned, 8, 0x80, 100, 0xFF), (.shrSigned, 8, 0x40, 100, 0),
            (.satAddUnsigned, 8, 250, 10, 255), (.satAddUnsigned, 64, .max, 1, .max), (.satAddUnsigned, 8, 1, 2, 3),
            (.satSubUnsigned, 8, 1, 2, 0), (.satSubUnsigned, 8, 5, 2, 3),
            (.satAddSigned, 8, 100, 100, 127), (.satAddSigned, 8, 0x9C, 0x9C, 0x80), (.satAddSigned, 8, 100, 0x9C, 0),
            (.satAddSigned, 64, UInt64(Int64.max), 1, UInt64(Int64.max)), (.satAddSigned, 64, 1 << 63, .max, 1 << 63),
            (.satSubSigned, 8, 0x80, 1, 0x80), (.satSubSigned, 8, 127, 0xFF, 127), (.satSubSigned, 8, 5, 7, 0xFE),
            (.satSubSigned, 64, 1 << 63, 1, 1 << 63), (.satSubSigned, 64, 0, 1 << 63, UInt64(Int64.max)),
            (.equal, 8, 3, 3, 1), (.equal, 8, 3, 4, 0), (.notEqual, 8, 3, 4, 1),
            (.lessUnsigned, 8, 3, 4, 1), (.lessUnsigned, 8, 4, 4, 0), (.lessEqualUnsigned, 8, 4, 4, 1),
            (.lessSigned, 8, 0xFF, 1, 1), (.lessSigned, 8, 1, 0xFF, 0), (.lessEqualSigned, 8, 0xFF, 0xFF, 1),
        ] as [(Opcode, Int, UInt64, UInt64, UInt64)])
    func narrow(opcode: Opcode, width: Int, b: UInt64, c: UInt64, result: UInt64) throws {
        #expect(try Self.run(opcode, width, b, c) == result)
    }

    @Test(
        arguments: [
            (.slice, 4, 0xABCD, 4, 0, 0xC), (.slice, 64, .max, 0, 0, .max), (.insert, 4, 0xF, 4, 0xA0B, 0xAFB),
            (.insert, 64, 7, 0, 9, 7), (.insert, 4, 0x123, 8, 0, 0x300), (.signExtend, 16, 0x80, 8, 0, 0xFF80),
            (.signExtend, 16, 0x7F, 8, 0, 0x7F), (.signExtend, 64, 1, 1, 0, .max),
        ] as [(Opcode, Int, UInt64, Int, UInt64, UInt64)])
    func partsAndExtension(opcode: Opcode, width: Int, b: UInt64, d: Int, before: UInt64, result: UInt64) throws {
        #expect(try Self.run(opcode, width, b, 0, d: d, a: before) == result)
    }

    // MARK: Wide

    private struct Wide {
        var words: [UInt64]
        init(_ words: UInt64...) { self.words = words }
    }

    private static func wide(_ opcode: Opcode, _ width: Int, _ b: [UInt64], _ c: [UInt64], d: Int = 0, resultWords: Int)
        throws
        -> [UInt64]
    {
        var assembly = Assembly()
        let slot = assembly.metadata(192)
        var probe = ProbeProgram(observing: Array(slot..<slot + 3))
        _ = probe.assembly.metadata(192)
        let (left, right) = (probe.assembly.local(192), probe.assembly.local(192))
        probe.ingress { p in
            for (index, word) in b.enumerated() { p.op(.copy, w: 64, a: left + index, b: p.constant(word)) }
            for (index, word) in c.enumerated() { p.op(.copy, w: 64, a: right + index, b: p.constant(word)) }
            let third = opcode == .sliceWide || opcode == .insertWide ? Int(c[0]) : right
            p.op(opcode, w: width, a: slot, b: left, c: third, d: d)
        }
        var test = try TestSwitch(probe.program)
        return Array(probe.values(test.send([0, 0, 0, 0])[0].bytes).prefix(resultWords))
    }

    @Test(
        arguments: [
            (.addWide, 128, [.max, 1], [1, 2], [0, 4]), (.addWide, 100, [.max, 0xF_FFFF_FFFF], [1, 0], [0, 0]),
            (.addWide, 192, [.max, .max, 5], [1, 0, 0], [0, 0, 6]),
            (.subWide, 128, [0, 1], [1, 0], [.max, 0]), (.subWide, 100, [0, 0], [1, 0], [.max, 0xF_FFFF_FFFF]),
            (.andWide, 128, [0xF0, 3], [0x3C, 2], [0x30, 2]), (.orWide, 128, [0xF0, 1], [0x0F, 2], [0xFF, 3]),
            (.xorWide, 128, [1, 1], [3, 1], [2, 0]), (.notWide, 100, [0, 0], [0], [.max, 0xF_FFFF_FFFF]),
            (.copyWide, 128, [5, 6], [0], [5, 6]),
            (.shlWide, 128, [1, 0], [64], [0, 1]), (.shlWide, 128, [.max, 0], [4], [.max << 4, 0xF]),
            (.shlWide, 128, [1, 1], [128], [0, 0]), (.shlWide, 100, [1, 0], [99], [0, 1 << 35]),
            (.shlWide, 100, [1, 0], [100], [0, 0]), (.shlWide, 192, [1, 0, 0], [130], [0, 0, 4]),
            (.shrWide, 128, [0, 1], [64], [1, 0]), (.shrWide, 128, [0, 0xF], [4], [0xF << 60, 0]),
            (.shrWide, 128, [0, 1], [.max], [0, 0]), (.shrWide, 192, [0, 0, 4], [130], [1, 0, 0]),
            (.equalWide, 128, [1, 2], [1, 2], [1]), (.equalWide, 128, [1, 2], [1, 3], [0]),
            (.lessUnsignedWide, 128, [9, 1], [1, 2], [1]), (.lessUnsignedWide, 128, [1, 2], [9, 1], [0]),
            (.lessUnsignedWide, 128, [1, 2], [1, 2], [0]),
        ] as [(Opcode, Int, [UInt64], [UInt64], [UInt64])])
    func wide(opcode: Opcode, width: Int, b: [UInt64], c: [UInt64], result: [UInt64]) throws {
        #expect(try Self.wide(opcode, width, b, c, resultWords: result.count) == result)
    }

    @Test func partsOfWideValues() throws {
        let value: [UInt64] = [0x1122_3344_5566_7788, 0x99AA_BBCC_DDEE_FF00]
        #expect(try Self.wide(.sliceWide, 16, value, [128], d: 56, resultWords: 1) == [0x0011])
        #expect(try Self.wide(.sliceWide, 64, value, [128], d: 32, resultWords: 1) == [0xDDEE_FF00_1122_3344])
        #expect(
            try Self.wide(.sliceWide, 100, value, [128], d: 28, resultWords: 2) == [
                0xDEEF_F001_1223_3445, 0x9_9AAB_BCCD,
            ])
        #expect(try Self.wide(.insertWide, 16, [0xABCD], [128], d: 56, resultWords: 2) == [0xCD << 56, 0xAB])
        #expect(try Self.wide(.insertWide, 70, [.max, .max], [192], d: 60, resultWords: 3) == [0xF << 60, .max, 3])
    }
}
