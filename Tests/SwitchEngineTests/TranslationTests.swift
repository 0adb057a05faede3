// SPDX-License-Identifier: Apache-2.0

import ProgramAssembly
import SwitchEngine
import SwitchIR
import Testing

/// Instructions that the engine runs as one do what they do one by one.
///
/// A jump to an instruction keeps it apart from the one before: a copy of the program with a jump to each, in code that
/// never runs, keeps every instruction apart, and pairs of operations are not joined.
struct TranslationTests {
    @Test(arguments: 0..<200 as Range<UInt64>)
    func joinedInstructionsDoWhatSeparateOnesDo(seed: UInt64) throws {
        var generator = ProgramGenerator(seed: seed)
        let program = generator.program()
        var joined = try TestSwitch(program)
        var configuration = Configuration()
        configuration.joinsOperations = false
        var separate = try TestSwitch(Self.separated(program), configuration)
        for _ in 0..<20 {
            let packet = generator.packet()
            let expected = separate.send(packet)
            #expect(joined.send(packet) == expected)
            #expect(joined.drops == separate.drops)
        }
    }

    private static func separated(_ program: SwitchProgram) -> SwitchProgram {
        var program = program
        for index in program.code.indices {
            program.code.append(Instruction(.jump, d: index))
            program.locations.append(SourceLine(file: program.name, line: 0))
        }
        return program
    }

    /// `exit` in an action that ingress and egress share ends the control that runs it.
    @Test func anEndInASharedActionEndsTheControlThatRunsIt() throws {
        var probe = ProbeProgram()
        let exit = probe.assembly.action("exit") { p, _ in p.op(.end) }
        let table = probe.assembly.table("t", keys: [], actions: [exit])
        let (hit, h) = (probe.assembly.local(), probe.h)
        probe.ingress { p in
            p.op(.storeField, w: 8, a: h, b: p.constant(1), d: 8)
            p.op(.apply, a: hit, b: hit, d: table)
            p.op(.storeField, w: 8, a: h, b: p.constant(2), d: 8)
        }
        probe.assembly.egress { p in
            p.op(.apply, a: hit, b: hit, d: table)
            p.op(.storeField, w: 16, a: h, b: p.constant(3), d: 16)
        }
        var test = try TestSwitch(probe.program)
        #expect(test.send([9, 9, 9, 9]).map(\.bytes) == [[9, 1, 9, 9]])
    }

    /// Checksum verification and update may be the same code: what follows it depends on when it runs.
    @Test func partsThatEndInTheSameCodeGoOnWhereTheyShould() throws {
        var probe = ProbeProgram()
        let h = probe.h
        let shared = probe.assembly.label()
        probe.assembly.verifyChecksum { p in
            p.op(.storeField, w: 8, a: h, b: p.constant(7), d: 8)
            p.place(shared)
            p.op(.storeField, w: 8, a: h, b: p.constant(5), d: 0)
        }
        probe.assembly.computeChecksum { p in
            p.op(.storeField, w: 8, a: h, b: p.constant(8), d: 16)
            p.jump(.jump, to: shared)
        }
        var test = try TestSwitch(probe.program)
        #expect(test.send([9, 9, 9, 9]).map(\.bytes) == [[5, 7, 8, 9]])
    }

    @Test func aCheckOfSixteenBitWordsSkipsInvalidHeadersAndEndsWithAnOddByte() throws {
        var p = Assembly()
        let first = p.header("hdr.first", [("a", 16), ("sum", 16), ("b", 32)])
        let absent = p.header("hdr.absent", [("c", 16)])
        let last = p.header("hdr.last", [("size", 8), ("d", 8)], varbitMaxBytes: 20)
        let (size, bits, sum) = (p.local(), p.local(), p.local())
        p.parser { p in
            p.op(.extract, a: first)
            p.op(.lookahead, w: 8, a: size, d: 0)
            p.op(.shl, w: 32, a: bits, b: size, c: p.constant(3))
            p.op(.extractVariable, a: last, b: bits)
        }
        p.ingress { $0.set(.egressSpec, 2) }
        p.computeChecksum { p in
            p.op(.hashBegin)
            p.op(.hashField, w: 16, b: first, d: 0)
            p.op(.hashField, w: 32, b: first, d: 32)
            p.op(.hashField, w: 16, b: absent, d: 0)
            p.op(.hashField, w: 16, b: last, d: 0)
            p.op(.hashVarbit, b: last)
            p.op(.hashEnd, w: 16, a: sum, d: Int(HashAlgorithm.csum16.rawValue))
            p.op(.storeField, w: 16, a: first, b: sum, d: 16)
        }
        p.deparser { p in
            p.op(.emit, a: first)
            p.op(.emit, a: last)
        }
        var test = try TestSwitch(p.program())
        for count in 0..<20 {
            let tail = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + 200) }
            let packet: [UInt8] = [0x12, 0xF4, 0, 0, 0xFF, 0xFE, 3, 4, UInt8(count), 0x80] + tail
            let sum = Self.checksum(packet)
            let expected = Array(packet[..<2]) + [UInt8(sum >> 8), UInt8(sum & 0xFF)] + packet[4...]
            #expect(test.send(packet).map(\.bytes) == [expected])
        }
    }

    /// Ones' complement of the ones'-complement sum, word by word.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum: UInt32 = 0
        for index in stride(from: 0, to: bytes.count, by: 2) {
            sum += UInt32(bytes[index]) << 8 | (index + 1 < bytes.count ? UInt32(bytes[index + 1]) : 0)
            sum = (sum & 0xFFFF) + (sum >> 16)
        }
        return ~sum & 0xFFFF
    }
}
