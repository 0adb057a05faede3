// SPDX-License-Identifier: Apache-2.0

import PacketScripts
import ProgramAssembly
import SwitchIR
import Testing

struct PacketScriptTests {
    private static let into = "080000000100 080000000111 0800 45000014 00010000 4011 64d6 0a000001 0a000202"
    private static let out = "080000000222 080000000100 0800 45000014 00010000 3f11 65d6 0a000001 0a000202"

    private func run(_ text: String) -> [PacketScript.Failure] {
        PacketScript(text, file: "router.stf").run(on: Assembly.router())
    }

    @Test(
        arguments: [
            "add MyIngress.ipv4_lpm hdr.ipv4.dstAddr:0x0a000200/24 MyIngress.ipv4_forward(dstAddr:0x080000000222, port:2)",
            "ADD ipv4_lpm dstAddr:0x0a0002** ipv4_forward(port:2, dstAddr:0x080000000222) = $1",
            "setdefault ipv4_lpm ipv4_forward(dstAddr:0x080000000222, port:2)",
        ])
    func anEntryForwardsThePacket(statement: String) {
        let script = """
            # a comment

            \(statement)
            packet 1 \(Self.into)
            expect 2 \(Self.out) $
            """
        #expect(run(script).isEmpty)
    }

    @Test func starsMatchAnyDigitAndALongerPacketMatchesWithoutTheDollar() {
        let script = """
            setdefault ipv4_lpm ipv4_forward(dstAddr:1, port:2)
            packet 1 \(Self.into)
            expect 2 0000000000** 080000000100 08
            packet 1 \(Self.into)
            expect 2
            """
        #expect(run(script).isEmpty)
    }

    @Test(
        arguments: [
            ("packet 1 \(into)\nexpect 2 \(out)", 2, "nothing came"),
            ("setdefault ipv4_lpm ipv4_forward(dstAddr:1, port:1)\npacket 1 \(into)", 2, "nothing expects"),
            (
                "setdefault ipv4_lpm ipv4_forward(dstAddr:1, port:2)\npacket 1 \(into)\nexpect 2 00000000000108 $", 3,
                "bytes came"
            ),
            (
                "setdefault ipv4_lpm ipv4_forward(dstAddr:1, port:2)\npacket 1 \(into)\nexpect 2 000000000002", 3,
                "byte 5 differs"
            ),
            ("add nothing a:1 b()", 1, "table 'nothing'"),
            ("add ipv4_lpm src:1 drop()", 1, "key 'src'"),
            ("add ipv4_lpm dstAddr:0x123456789/8 drop()", 1, "does not fit 32 bits"),
            ("add ipv4_lpm dstAddr:0x0a000200/24 ipv4_forward(port:2)", 1, "argument 'dstAddr' is missing"),
            ("add ipv4_lpm dstAddr:0x0a000200/24 explode()", 1, "action 'explode'"),
            ("packet 1 abc", 1, "whole bytes"),
            ("packet one 00", 1, "a port"),
            ("mirroring_add 1 x", 1, "not a decimal number"),
            ("shout", 1, "'shout'"),
        ])
    func whatIsNotMetIsNamedWithItsLine(script: String, line: Int, part: String) {
        let failures = run(script)
        #expect(failures.first?.line == line, "\(failures)")
        #expect(failures.contains { $0.message.contains(part) }, "\(failures)")
    }
}
