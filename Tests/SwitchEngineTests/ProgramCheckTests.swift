// SPDX-License-Identifier: Apache-2.0

import ProgramAssembly
import Testing

@testable import SwitchEngine
@testable import SwitchIR

/// Programs that break the contract are refused when they are loaded; those that keep it cannot crash the engine.
struct ProgramCheckTests {
    private static let wrong: [(String, @Sendable (inout SwitchProgram) -> Void)] = [
        ("slot", { $0.code[1].a = 60_000 }),
        ("constant written", { $0.code[1] = Instruction(.copy, width: 8, a: Assembly.localsEnd, b: 0) }),
        ("width 0", { $0.code[1] = Instruction(.add, width: 0, a: 70, b: 70, c: 70) }),
        ("width 65", { $0.code[1] = Instruction(.add, width: 65, a: 70, b: 70, c: 70) }),
        ("slice", { $0.code[1] = Instruction(.slice, width: 60, a: 70, b: 70, d: 5) }),
        ("wide run", { $0.code[1] = Instruction(.copyWide, width: 128, a: Assembly.localsEnd - 1, b: 0) }),
        ("header", { $0.code[1] = Instruction(.extract, a: 99) }),
        ("field", { $0.code[1] = Instruction(.loadField, width: 8, a: 70, b: 0, d: 31) }),
        ("target", { $0.code[1] = Instruction(.jump, d: 5000) }),
        ("table", { $0.code[1] = Instruction(.apply, a: 70, b: 70, d: 9) }),
        ("register", { $0.code[1] = Instruction(.registerRead, a: 70, b: 70, d: 9) }),
        ("algorithm", { $0.code[1] = Instruction(.hashEnd, width: 16, a: 70, d: 99) }),
        ("field list", { $0.code[1] = Instruction(.cloneIngress, b: 70, d: 9) }),
        ("message", { $0.code[1] = Instruction(.log, d: 9) }),
        ("headers of other sizes", { $0.code[1] = Instruction(.copyHeader, a: 0, b: 1) }),
        ("entry point", { $0.entries.egress = 5000 }),
        ("end of code", { $0.code[$0.code.count - 1] = Instruction(.hashBegin) }),
        ("no headers", { $0.headers = [] }),
        ("huge header", { $0.headers[0].varbitMaxBytes = 1 << 20 }),
        ("huge register", { $0.registers = [RegisterSchema(name: "r", width: 64, count: 1 << 40)] }),
        ("stack", { $0.stacks = [HeaderStack(name: "s", first: 0, count: 9)] }),
        ("metadata", { $0.frame.metadataEnd = 3 }),
        ("list of standard metadata", { $0.fieldLists = [FieldList(id: 1, slots: [0..<2])] }),
        (
            "action",
            {
                $0.tables = [
                    TableSchema(
                        name: "t", keys: [], actions: [TableAction(action: 7)], defaultAction: ActionCall(action: 7))
                ]
            }
        ),
    ]

    @Test(arguments: wrong.indices) func aProgramThatBreaksARuleIsRefused(index: Int) {
        let (name, change) = Self.wrong[index]
        var program = ProbeProgram(observing: [Field.ingressPort]).program
        change(&program)
        do {
            _ = try Engine(program: program)
            Issue.record("accepted: \(name)")
        } catch {
            #expect(error.code == .invalidProgram, "\(name)")
            #expect(error.object.hasPrefix("test.p4"), "\(name)")
        }
    }

    @Test func everyOpcodeIsChecked() {
        // An instruction whose every operand is far out of range is refused, whatever it does.
        let harmless: Set<Opcode> = [.rejectParse, .ret, .end, .hashBegin, .hashPayload]
        for opcode in Opcode.allCases where !harmless.contains(opcode) {
            var program = ProbeProgram().program
            program.code[1] = Instruction(opcode, width: 0, a: 65_000, b: 65_000, c: 65_000, d: 1 << 30)
            #expect(throws: InvalidProgram.self, "\(opcode)") { try ProgramCheck(program).run() }
        }
    }

    /// Random instructions that pass the check, run over random packets: nothing may trap or hang, and no packet
    /// may be left over.
    @Test(arguments: 0..<40) func anyProgramThatIsAcceptedRuns(seed: Int) throws {
        var random = Generator(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1)
        var configuration = Configuration()
        configuration.maxFrameBytes = 256
        configuration.maxPackets = 64
        configuration.maxPasses = 4
        configuration.log = { _ in }
        var test = try TestSwitch(Self.program(&random), configuration)
        try test.engine.setCloneSession(1, CloneSession(replicas: [Replica(port: 1), Replica(port: 2)]))
        try test.engine.createMulticastGroup(1)
        let node = try test.engine.createMulticastNode(rid: 1, ports: [1, 2, 3])
        try test.engine.associate(node: node, withGroup: 1)
        for count in 0..<50 {
            test.receive((0..<count * 5).map { _ in UInt8.random(in: .min ... .max, using: &random) }, port: count)
            struct Nowhere: PacketOutput {
                mutating func transmit(_ frame: borrowing OutgoingFrame, port: Int) -> DropReason? {
                    _ = frame.bytes()
                    return nil
                }
            }
            var nowhere = Nowhere()
            for _ in 0..<8 {
                test.now += 1000
                test.engine.poll(now: test.times, into: &nowhere)
            }
        }
        #expect(test.engine.packetsHeld <= 64)
    }

    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    private static func program(_ random: inout Generator) throws -> SwitchProgram {
        var p = Assembly()
        for name in ["a", "b"] { p.header(name, [("x", 8), ("y", 12), ("z", 140)], varbitMaxBytes: 6) }
        _ = p.stack("s", count: 3, [("x", 8), ("y", 16)])
        p.registers = [RegisterSchema(name: "r", width: 70, count: 3)]
        p.counters = [CounterSchema(name: "c", count: 3)]
        p.meters = [MeterSchema(name: "m", unit: .bytes, count: 3)]
        p.messages = [LogMessage(format: "{}", arguments: [(slot: 3, width: 200)])]
        p.fieldLists.append(FieldList(id: 1, slots: [17..<20]))
        for value: UInt64 in [0, 1, 2, 3, 8, 511, .max] { _ = p.constant(value) }
        let action = p.action("act", [("v", 100)])
        _ = p.table("t", keys: [("k", .ternary, 32, 66)], actions: [action], defaults: [BitString(9, width: 100)])
        let count = 400
        let start = p.code.count
        for _ in 0..<count { p.op(.end) }
        let body = start..<p.code.count
        p.op(.end)
        var program = p.program()
        program.entries = EntryPoints(
            parser: start, verifyChecksum: start + 100, ingress: start + 130, egress: start + 230,
            computeChecksum: start + 320, deparser: start + 350)
        for index in body {
            for _ in 0..<200 {
                program.code[index] = instruction(&random, at: index, in: program.code.count)
                if (try? InstructionCheck(ProgramCheck(program), index).run()) != nil { break }
                program.code[index] = Instruction(.hashBegin)
            }
        }
        return program
    }

    private static func instruction(_ random: inout Generator, at index: Int, in count: Int) -> Instruction {
        var opcode = Opcode.allCases.randomElement(using: &random) ?? .copy
        // Ends are rare, so that much is run.
        if [.end, .ret, .rejectParse, .assert, .verify].contains(opcode), Int.random(in: 0..<4, using: &random) > 0 {
            opcode = .storeField
        }
        let isJump = "\(opcode)".hasPrefix("branch") || opcode == .jump || opcode == .call
        let operands = (0..<3).map { _ in
            Bool.random(using: &random)
                ? Int.random(in: 0..<8, using: &random) : Int.random(in: 0..<199, using: &random)
        }
        let d =
            isJump
            ? Int.random(in: max(0, index - 5)..<min(count, index + 30), using: &random)
            : Int.random(in: 0..<40, using: &random)
        let width = [1, 3, 8, 9, 16, 32, 48, 64, 65, 100, 128].randomElement(using: &random) ?? 8
        return Instruction(opcode, width: width, a: operands[0], b: operands[1], c: operands[2], d: d)
    }
}
