// SPDX-License-Identifier: Apache-2.0

import ProgramAssembly
import SwitchEngine
import SwitchIR
import Testing

/// Clones of clones that a session shortens.
struct CloneOfCloneTests {
    private let packet: [UInt8] = [0, 1, 2, 3] + Array(repeating: 0x11, count: 40)
    private let earlier: [UInt8] = [0, 1, 2, 3] + Array(repeating: 0xEE, count: 40)

    /// Clones what goes to port 2 with session 1, and the clone of port 8 with session 2.
    private func program(_ first: Opcode) -> SwitchProgram {
        var probe = ProbeProgram()
        let scratch = probe.scratch
        if first == .cloneIngress { probe.ingress { $0.op(first, b: $0.constant(1), d: 0) } }
        probe.egress { p in
            if first == .cloneEgress { p.ifInstance(0) { p in p.op(first, b: p.constant(1), d: 0) } }
            let done = p.label()
            p.op(.copy, w: 9, a: scratch, b: Field.egressPort.slot)
            p.jump(.branchIfNotEqual, b: scratch, c: p.constant(8), to: done)
            p.op(.cloneEgress, b: p.constant(2), d: 0)
            p.place(done)
        }
        return probe.program
    }

    @Test(arguments: [Opcode.cloneIngress, .cloneEgress], [[7, 8], [8, 7]])
    func aCloneOfAShortenedCloneHasNoBytesOfEarlierPackets(first: Opcode, ports: [Int]) throws {
        var test = try TestSwitch(program(first))
        try test.engine.setCloneSession(1, CloneSession(replicas: ports.map { Replica(port: $0) }, truncateTo: 6))
        // Every block that is used holds bytes of earlier packets.
        for _ in 0..<32 { test.receive(earlier) }
        while test.engine.nextDeparture != nil { _ = test.poll() }
        try test.engine.setCloneSession(2, CloneSession(replicas: [Replica(port: 9)]))
        let sent = test.send(packet)
        #expect(sent.first { $0.port == 8 }?.bytes == Array(packet.prefix(6)))
        let second = try #require(sent.first { $0.port == 9 })
        #expect(second.bytes == Array(packet.prefix(second.bytes.count)))
        #expect(second.bytes.count >= 6)
    }
}
