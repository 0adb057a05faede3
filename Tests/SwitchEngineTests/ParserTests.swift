// SPDX-License-Identifier: Apache-2.0

import ProgramAssembly
import SwitchEngine
import SwitchIR
import Testing

/// Parsers that fail: what was extracted stays, the rest is payload, ingress sees the error.
struct ParserTests {
    private func probe(_ body: (inout Assembly, Int, Int) -> Void) -> ProbeProgram {
        var probe = ProbeProgram(observing: [.parserError, .checksumError])
        let options = probe.assembly.header("hdr.options", [("length", 8)], varbitMaxBytes: 4)
        let h = probe.h
        probe.assembly.parser { p in
            p.op(.extract, a: h)
            body(&p, h, options)
        }
        probe.assembly.deparser { p in
            for header in [1, h, options] { p.op(.emit, a: header) }
        }
        return probe
    }

    @Test func aPacketTooShortIsNotExtracted() throws {
        let probe = probe { _, _, _ in }
        var test = try TestSwitch(probe.program)
        for count in 0..<4 {
            let bytes = [UInt8](repeating: 7, count: count)
            let sent = test.send(bytes)[0].bytes
            #expect(probe.values(sent) == [1, 0])
            #expect(probe.rest(sent) == bytes)
        }
    }

    @Test(arguments: [(8, 0, 1), (16, 0, 2), (0, 0, 0), (12, 6, 0), (80, 1, 0), (7, 6, 0)] as [(UInt64, UInt64, Int)])
    func advanceWantsWholeBytesThatAreThere(bits: UInt64, error: UInt64, skipped: Int) throws {
        let probe = probe { p, _, _ in p.op(.advance, b: p.constant(bits)) }
        var test = try TestSwitch(probe.program)
        let sent = test.send([1, 2, 3, 4, 5, 6, 7])[0].bytes
        #expect(probe.values(sent)[0] == error)
        #expect(probe.rest(sent) == [1, 2, 3, 4] + [5, 6, 7].dropFirst(skipped))
    }

    @Test(
        arguments: [(0, 0), (16, 0), (32, 0), (12, 6), (48, 1), (40, 4), (.max, 6), (1 << 60, 1)] as [(UInt64, UInt64)])
    func varbitFieldsTakeWhatTheyAreGiven(bits: UInt64, error: UInt64) throws {
        let probe = probe { p, _, options in p.op(.extractVariable, a: options, b: p.constant(bits)) }
        var test = try TestSwitch(probe.program)
        // 6 bytes after the length byte: 5 are one more than the field's maximum, 6 more than there are with it.
        let bytes: [UInt8] = [1, 2, 3, 4, 0xFF, 5, 6, 7, 8, 9]
        let sent = test.send(bytes)[0].bytes
        #expect(probe.values(sent)[0] == error)
        #expect(probe.rest(sent) == bytes)
    }

    @Test func aVarbitIsCopiedComparedHashedAndCountedInTheLength() throws {
        var probe = ProbeProgram(observing: [.packetLength])
        let options = probe.assembly.header("hdr.options", [("length", 8)], varbitMaxBytes: 4)
        let copy = probe.assembly.header("hdr.copy", [("length", 8)], varbitMaxBytes: 4)
        let scratch = probe.scratch
        probe.assembly.parser { $0.op(.extractVariable, a: options, b: $0.constant(24)) }
        probe.ingress { p in
            p.op(.copyHeader, a: copy, b: options)
            p.op(.setInvalid, a: options)
            p.op(.hashBegin)
            p.op(.hashVarbit, b: copy)
            p.op(.hashVarbit, b: options)
            p.op(.hashEnd, w: 64, a: scratch, d: Int(HashAlgorithm.identity.rawValue))
            p.op(.storeField, w: 8, a: copy, b: scratch, d: 0)
        }
        probe.assembly.deparser { p in
            for header in [1, options, copy] { p.op(.emit, a: header) }
        }
        var test = try TestSwitch(probe.program)
        let sent = test.send([7, 1, 2, 3, 9])[0].bytes
        #expect(probe.values(sent) == [1])
        #expect(probe.rest(sent) == [3, 1, 2, 3, 9])
    }

    @Test func verifyAndRejectEndTheParserWithTheirErrors() throws {
        let verify = probe { p, h, _ in
            p.op(.verify, b: p.constant(1), c: p.constant(9))
            p.op(.verify, b: p.constant(0), c: p.constant(7))
            p.op(.advance, b: p.constant(8))
        }
        var test = try TestSwitch(verify.program)
        let sent = test.send([1, 2, 3, 4, 5])[0].bytes
        #expect(verify.values(sent)[0] == 7)
        #expect(verify.rest(sent) == [1, 2, 3, 4, 5])
        let reject = probe { p, _, _ in p.op(.rejectParse, d: 0) }
        test = try TestSwitch(reject.program)
        #expect(reject.values(test.send([1, 2, 3, 4])[0].bytes)[0] == 0)
    }

    @Test(arguments: [(0, 16, 0x0506), (8, 16, 0x0607), (4, 8, 0x50)] as [(Int, Int, UInt64)])
    func lookaheadConsumesNothing(offset: Int, width: Int, value: UInt64) throws {
        var assembly = Assembly()
        let slot = assembly.metadata()
        var probe = ProbeProgram(observing: [slot, Field.parserError.slot])
        _ = probe.assembly.metadata()
        let h = probe.h
        probe.assembly.parser { p in
            p.op(.extract, a: h)
            p.op(.lookahead, w: width, a: slot, d: offset)
            p.op(.lookahead, w: 32, a: probe.scratch, d: 0)
        }
        var test = try TestSwitch(probe.program)
        let sent = test.send([1, 2, 3, 4, 5, 6, 7])[0].bytes
        #expect(probe.values(sent) == [value, 1])
        #expect(probe.rest(sent) == [1, 2, 3, 4, 5, 6, 7])
    }

    @Test func aParserThatLoopsForEverTimesOut() throws {
        let probe = probe { p, _, _ in
            let again = p.label()
            p.place(again)
            p.jump(.jump, to: again)
        }
        var test = try TestSwitch(probe.program)
        #expect(probe.values(test.send([1, 2, 3, 4])[0].bytes)[0] == 5)
    }

    @Test func aLoopOverAllOfALongPacketDoesNotTimeOut() throws {
        let probe = probe { p, _, _ in
            let again = p.label()
            p.place(again)
            p.op(.advance, b: p.constant(8))
            p.jump(.jump, to: again)
        }
        var test = try TestSwitch(probe.program)
        #expect(probe.values(test.send([UInt8](repeating: 1, count: 9216))[0].bytes)[0] == 1)
        test.receive([UInt8](repeating: 1, count: 9217))
        #expect(test.drops == [.frameTooLong: 1])
    }

    @Test func checksumsAreVerifiedAfterAParserErrorToo() throws {
        var probe = probe { p, _, _ in p.op(.rejectParse, d: 8) }
        probe.assembly.verifyChecksum { $0.set(.checksumError, 1) }
        var test = try TestSwitch(probe.program)
        #expect(probe.values(test.send([1, 2, 3, 4])[0].bytes) == [8, 1])
    }
}
