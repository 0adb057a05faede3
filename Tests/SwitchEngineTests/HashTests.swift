// SPDX-License-Identifier: Apache-2.0

import ProgramAssembly
import SwitchIR
import Testing

@testable import SwitchEngine

/// Hash algorithms by their check values, and what goes into them.
struct HashTests {
    private static let digits = Array("123456789".utf8)

    private static func result(_ algorithm: HashAlgorithm, _ bytes: [UInt8]) throws -> UInt64 {
        var assembly = Assembly()
        let value = assembly.metadata(64)
        var probe = ProbeProgram(observing: [value])
        _ = probe.assembly.metadata(64)
        let data = probe.assembly.header("hdr.data", bytes.indices.map { ("b\($0)", 8) })
        probe.assembly.parser { $0.op(.extract, a: data) }
        probe.ingress { p in
            p.op(.hashBegin)
            for index in bytes.indices { p.op(.hashField, w: 8, b: data, d: index * 8) }
            p.op(.hashEnd, w: 64, a: value, d: Int(algorithm.rawValue))
        }
        var test = try TestSwitch(probe.program)
        return probe.values(test.send(bytes)[0].bytes)[0]
    }

    @Test(
        arguments: [
            (HashAlgorithm.crc16, 0xBB3D), (.crc16Custom, 0xBB3D), (.crc32, 0xCBF4_3926), (.crc32Custom, 0xCBF4_3926),
            (.csum16, 0xF62A), (.xor16, 0x3908), (.identity, 0x3132_3334_3536_3738),
        ] as [(HashAlgorithm, UInt64)])
    func checkValues(algorithm: HashAlgorithm, value: UInt64) throws {
        #expect(try Self.result(algorithm, Self.digits) == value)
    }

    @Test(arguments: [1, 2, 3, 7, 8, 9, 15, 16, 17, 40]) func sumsOfAnyLengthAgreeWithTheDefinition(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 250) }
        var sum: UInt64 = 0
        var folded: UInt64 = 0
        for index in stride(from: 0, to: count, by: 2) {
            let word = UInt64(bytes[index]) << 8 | (index + 1 < count ? UInt64(bytes[index + 1]) : 0)
            sum += word
            folded ^= word
        }
        while sum > 0xFFFF { sum = (sum & 0xFFFF) + (sum >> 16) }
        #expect(try Self.result(.csum16, bytes) == ~sum & 0xFFFF)
        #expect(try Self.result(.xor16, bytes) == folded)
    }

    @Test func otherParametersMakeOtherCRCs() {
        // CRC-16/CCITT-FALSE and CRC-32/BZIP2, neither reflected; CRC-16/X-25, both.
        let cases: [(CRCParameters, UInt64)] = [
            (
                CRCParameters(
                    width: 16, polynomial: 0x1021, initial: 0xFFFF, finalXor: 0, reflectsInput: false,
                    reflectsOutput: false), 0x29B1
            ),
            (
                CRCParameters(
                    width: 16, polynomial: 0x1021, initial: 0xFFFF, finalXor: 0xFFFF, reflectsInput: true,
                    reflectsOutput: true), 0x906E
            ),
            (
                CRCParameters(
                    width: 32, polynomial: 0x04C1_1DB7, initial: ~0, finalXor: ~0, reflectsInput: false,
                    reflectsOutput: false), 0xFC89_1918
            ),
        ]
        for (parameters, value) in cases {
            let crc = CRC(parameters)
            var state = crc.start
            for byte in Self.digits { state = crc.step(state, byte) }
            #expect(crc.finish(state) == value)
        }
    }

    /// Bits as they are written, one byte per row; what is left over is filled with zeros at the end.
    @Test func fieldsAreConcatenatedBitByBit() throws {
        var assembly = Assembly()
        let value = assembly.metadata(64)
        var probe = ProbeProgram(observing: [value])
        _ = probe.assembly.metadata(64)
        let wide = probe.assembly.local(128)
        let h = probe.h
        func run(_ body: @escaping (inout Assembly) -> Void) throws -> UInt64 {
            probe.ingress { p in
                p.op(.hashBegin)
                body(&p)
                p.op(.hashEnd, w: 64, a: value, d: Int(HashAlgorithm.identity.rawValue))
            }
            var test = try TestSwitch(probe.program)
            return probe.values(test.send([0xAB, 0xCD, 0x12, 0x34, 0x55, 0x66])[0].bytes)[0]
        }
        // 3 + 1 bits 0100 make the byte 0x40.
        #expect(
            try run { p in
                p.op(.hashSlot, w: 3, b: p.constant(2))
                p.op(.hashSlot, w: 1, b: p.constant(0))
            } == 0x40)
        #expect(
            try run { p in
                p.op(.hashSlot, w: 4, b: p.constant(0xF))
                p.op(.hashField, w: 16, b: h, d: 0)
                p.op(.hashField, w: 9, b: h, d: 16)
            } == 0xFABC_D120)
        #expect(
            try run { p in
                p.op(.copy, w: 64, a: wide, b: p.constant(0x1122_3344_5566_7788))
                p.op(.copy, w: 64, a: wide + 1, b: p.constant(0xA))
                p.op(.hashSlot, w: 68, b: wide)
            } == 0xA112_2334_4556_6778)
        #expect(
            try run { p in
                p.op(.hashField, w: 8, b: h, d: 8)
                p.op(.hashPayload)
            } == 0xCD5566)
        #expect(
            try run { p in
                p.op(.setInvalid, a: h)
                p.op(.hashField, w: 8, b: h, d: 8)
                p.op(.hashSlot, w: 8, b: p.constant(0x77))
            } == 0x77)
        #expect(try run { _ in } == 0)
    }

    @Test(arguments: [(5, 7, 5 + 0xCBF4_3926 % 7), (5, 0, 5), (0xFFFF, 1, 0xFFFF)] as [(UInt64, UInt64, UInt64)])
    func aRangeIsBasePlusModulo(base: UInt64, range: UInt64, value: UInt64) throws {
        var assembly = Assembly()
        let slot = assembly.metadata(64)
        var probe = ProbeProgram(observing: [slot])
        _ = probe.assembly.metadata(64)
        let data = probe.assembly.header("hdr.data", [("b", 72)])
        probe.assembly.parser { $0.op(.extract, a: data) }
        probe.ingress { p in
            p.op(.hashBegin)
            p.op(.hashField, w: 72, b: data, d: 0)
            p.op(.hashRange, w: 16, a: slot, b: p.constant(base), c: p.constant(range), d: 0)
        }
        var test = try TestSwitch(probe.program)
        #expect(probe.values(test.send(Self.digits)[0].bytes) == [value & 0xFFFF])
    }

    @Test func truncateCapsThePayloadThatIsHashed() throws {
        var assembly = Assembly()
        let value = assembly.metadata(64)
        var probe = ProbeProgram(observing: [value])
        _ = probe.assembly.metadata(64)
        probe.ingress { p in
            p.op(.truncate, b: p.constant(2))
            p.op(.hashBegin)
            p.op(.hashPayload)
            p.op(.hashEnd, w: 64, a: value, d: Int(HashAlgorithm.identity.rawValue))
        }
        probe.egress { p in
            p.op(.storeField, w: 16, a: 0, b: value, d: 0)
        }
        var test = try TestSwitch(probe.program)
        #expect(test.send([0, 0, 0, 0, 0xAA, 0xBB, 0xCC]).map(\.bytes) == [[0, 0]])
    }
}
