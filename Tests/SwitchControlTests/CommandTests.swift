// SPDX-License-Identifier: Apache-2.0

import Documents
import SwitchEngine
import SwitchIR
import Testing

@testable import SwitchControl

/// The lines of simple_switch_CLI.
struct CommandTests {
    private let control = ControlPlane(ControlledProgram.program)
    private let now = PacketTimes(nanoseconds: 0)

    private func run(_ text: String, _ engine: inout Engine) -> ControlPlane.CommandResult {
        control.apply(commands: text, file: "s1.txt", to: &engine, now: now)
    }

    @Test func aFileRunsInOrderPastBlankLinesAndComments() throws {
        var engine = try Engine(program: ControlledProgram.program)
        let result = run(
            """
            # mirror to the collector
            mirroring_add 500 4

            mirroring_add_mc 501 1
            mc_mgrp_create 1
            mc_node_create 7 3 2   # two ports
            mc_node_associate 1 0
            mc_dump
            table_add I.exact NoAction 10.0.0.1 0x1ff =>
            table_add I.lpm set 10.0.0.0/8 3 => 2 08:00:00:00:01:11 2001:db8::1
            table_add I.ternary NoAction 0x10&&&0xf0 0&&&0 => 5
            table_add I.range NoAction 1->5 0->511 => -3
            table_set_default I.exact I.set 1 2 3
            table_modify I.lpm NoAction 0
            table_num_entries I.exact
            table_dump E.lpm
            table_delete I.exact 0
            register_write reg 1 0xffff
            register_read I.reg 1
            register_read reg
            counter_write cnt 2 3 4
            counter_read cnt 2
            meter_set_rates mtr 0 0.5:10 1:20
            meter_get_rates mtr 0
            set_queue_depth 10
            set_queue_rate 100 2
            """, &engine)
        #expect(result.problems.map(\.description) == [])
        #expect(
            result.output == [
                "node was created with handle 0", "group 1: port 2 rid 7, port 3 rid 7",
                "Entry has been added with handle 0", "Entry has been added with handle 0",
                "Entry has been added with handle 0", "Entry has been added with handle 0", "1",
                "table E.lpm: 0 entries", "default: NoAction()", "I.reg[1]= 65535", "I.reg= 0, 65535, 0, 0",
                "I.cnt[2]= (4 bytes, 3 packets)", "I.mtr[0]: 0.5:10.0 1.0:20.0",
            ])
        #expect(engine.cloneSession(500) == CloneSession(replicas: [Replica(port: 4)]))
        #expect(engine.cloneSession(501) == CloneSession(group: 1))
        #expect(try engine.entries(of: 1).first?.entry.action == ActionCall(action: 0))
        #expect(try engine.entries(of: 2).first?.entry.priority == 5)
        #expect(try engine.entries(of: 3).first?.entry.priority == -3)
        #expect(try engine.entryCount(of: 0) == 0)
        #expect(try engine.defaultAction(of: 0).action == 1)
    }

    @Test func aDumpShowsWhatAnEntryIs() throws {
        var engine = try Engine(program: ControlledProgram.program)
        let result = run(
            "table_add I.lpm set 10.0.0.0/8 3 => 2 5 1\ntable_add I.ternary NoAction 0x10&&&0xf0 0&&&0 => 5\ntable_dump I.lpm\ntable_dump I.ternary",
            &engine)
        #expect(
            Array(result.output[2...]) == [
                "table I.lpm: 1 entries", "entry 0: hdr.h.a=167772160/8 meta.x=3 => I.set(port=2, mac=5, v6=0x1)",
                "default: NoAction()", "table I.ternary: 1 entries",
                "entry 0: hdr.h.a=16&&&240 meta.x=0&&&0 priority 5 => NoAction()", "default: NoAction()",
            ])
    }

    @Test(
        arguments: [
            ("mirorring_add 500 4", "unknown command 'mirorring_add'"),
            ("mirroring_add 500", "expected mirroring_add SESSION PORT"),
            ("mirroring_add x 4", "session 'x' is not a decimal number"),
            ("mirroring_add 0x3 4", "session '0x3' is not a decimal number"),
            ("mirroring_add 40000 4", "sessions are numbered 0 to 32767"),
            ("mirroring_add 1 511", "ports are numbered 0 to 510"),
            ("mirroring_delete 9", "there is no such session"),
            ("table_add I.exakt NoAction 1 1 =>", "table 'I.exakt' is not in test.p4; tables: "),
            ("table_add I.exact go 1 1 =>", "table I.exact has no action 'go'"),
            ("table_add I.exact NoAction 1 =>", "1 keys are given; table I.exact has hdr.h.a, meta.x"),
            ("table_add I.exact NoAction 1 1", "expected table_add TABLE"),
            ("table_add I.exact set 1 1 => 1", "1 parameters are given; action I.set has port, mac, v6"),
            ("table_add I.exact set 1 1 => 512 1 1", "parameter port of I.set: 512 does not fit 9 bits"),
            ("table_add I.exact NoAction 1 512 =>", "key field meta.x: 512 does not fit 9 bits"),
            ("table_add I.lpm NoAction 10.0.0.0 1 =>", "'10.0.0.0' is not written VALUE/LENGTH"),
            ("table_add I.lpm NoAction 10.0.0.0/40 1 =>", "prefix length 40 is not 0 to 32"),
            ("table_add I.ternary NoAction 1 1&&&1 => 1", "'1' is not written VALUE&&&MASK"),
            ("table_add I.ternary NoAction 1&&&1 1&&&1 =>", "end with a priority, smaller wins"),
            ("table_add I.range NoAction 5->1 1->1 => 1", "the range is empty"),
            ("table_delete I.exact 7", "INVALID_HANDLE"),
            ("register_write reg 9 1", "index 9 is not 0 to 3"),
            ("register_write reg 1 65536", "65536 does not fit 16 bits"),
            ("register_read nothing 1", "register 'nothing' is not in test.p4; registers: I.reg"),
            ("counter_read cnt 4", "INVALID_INDEX"),
            ("meter_set_rates mtr 0 2:1 1:1", "INVALID_INFO_RATE_VALUE"),
            ("meter_set_rates mtr 0 2 1:1", "'2' is not written RATE:BURST"),
            ("mc_node_create 1 2 | 3", "link aggregation groups are not supported"),
            ("mc_node_associate 1 0", "INVALID_MGRP_HANDLE"),
            ("set_queue_rate 100 2 1", "ports have 1 priority queues"),
            ("set_crc16_parameters c 0x1021 0 0 true true", "has 0 hashes with crc16_custom"),
        ])
    func whatIsWrongIsNamedWithItsLine(command: String, reason: String) throws {
        var engine = try Engine(program: ControlledProgram.program)
        let result = run("\n# comment\n" + command + "\nmirroring_add 1 1", &engine)
        #expect(result.problems.count == 1)
        let text = result.problems.first?.description ?? ""
        #expect(text.hasPrefix("s1.txt:3: "))
        #expect(text.contains(reason), "\(text)")
        // The rest of the file still runs.
        #expect(engine.cloneSession(1) != nil)
    }

    @Test(
        arguments: [
            ("0", 8, [0]), ("0b101", 8, [5]), ("0o17", 8, [15]), ("0xFF", 8, [255]),
            ("18446744073709551616", 65, [0, 1]),
            ("0x123456789abcdef0123456789", 100, [0xABCDEF0123456789, 0x123456789]),
        ] as [(String, Int, [UInt64])])
    func numbersInEveryBase(text: String, width: Int, words: [UInt64]) throws {
        #expect(try ValueText.parse(text, width: width) == BitString(width: width, words: words))
    }
}
