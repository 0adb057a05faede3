// SPDX-License-Identifier: Apache-2.0

import AllocationCounter
import ProgramAssembly
import SwitchEngine
import SwitchIR
import Testing

/// The packet path takes no memory once its buffers are there: every call of malloc is counted.
struct AllocationTests {
    private struct Nowhere: PacketOutput {
        var count = 0
        mutating func transmit(_ frame: borrowing OutgoingFrame, port: Int) -> DropReason? {
            count += 1
            return nil
        }
    }

    @Test func theCounterCounts() {
        let before = p4ni_allocation_count()
        let bytes = [UInt8](repeating: 1, count: Int.random(in: 1000...2000))
        #expect(bytes.count >= 1000)
        #expect(p4ni_allocation_count() > before)
    }

    @Test func forwardingAllocatesNothing() throws {
        let frame: [UInt8] = [
            8, 0, 0, 0, 1, 0, 8, 0, 0, 0, 1, 0x11, 8, 0, 0x45, 0, 0, 20, 0, 1, 0, 0, 64, 17, 0x64, 0xD6, 10, 0, 0, 1,
            10, 0,
            2, 2,
        ]
        var test = try TestSwitch(Assembly.router())
        let call = ActionCall(action: 1, arguments: [BitString(0x222, width: 48), BitString(2, width: 9)])
        try test.engine.insert(
            EntrySchema(keys: [.lpm(BitString(0x0A00_0200, width: 32), prefixLength: 24)], action: call), into: 0)
        var nowhere = Nowhere()
        for _ in 0..<100 { forward(frame, &test, &nowhere) }
        let before = p4ni_allocation_count()
        for _ in 0..<10_000 { forward(frame, &test, &nowhere) }
        #expect(p4ni_allocation_count() == before)
        #expect(nowhere.count == 10_100)
    }

    /// Clones, multicast, resubmission, recirculation, registers, and a ternary table.
    @Test func copiesAndExternsAllocateNothing() throws {
        var probe = ProbeProgram()
        let (h, scratch) = (probe.h, probe.scratch)
        let (key, hit) = (probe.assembly.local(), probe.assembly.local())
        probe.assembly.registers = [RegisterSchema(name: "r", width: 64, count: 4)]
        probe.assembly.counters = [CounterSchema(name: "c", count: 4)]
        let action = probe.assembly.action("NoAction")
        let table = probe.assembly.table("t", keys: [("k", .ternary, 8, key)], actions: [action])
        probe.ingress { p in
            p.op(.loadField, w: 8, a: key, b: h, d: 0)
            p.op(.apply, a: hit, b: hit, d: table)
            p.op(.registerRead, a: scratch, b: p.constant(1), d: 0)
            p.op(.registerWrite, a: p.constant(1), b: key, d: 0)
            p.op(.count, a: p.constant(1), d: 0)
            p.op(.cloneIngress, b: p.constant(1), d: 0)
            p.set(.mcastGrp, 1)
            p.ifInstance(0) { $0.op(.resubmit, d: 0) }
        }
        probe.egress { p in
            p.ifInstance(1) { $0.op(.cloneEgress, b: $0.constant(1), d: 0) }
            p.ifInstance(2) { $0.set(.egressSpec, 511) }
        }
        var test = try TestSwitch(probe.program)
        for value: UInt64 in 0..<10 {
            let match = KeyMatch.ternary(BitString(value, width: 8), mask: BitString(0x7F, width: 8))
            try test.engine.insert(
                EntrySchema(keys: [match], action: ActionCall(action: action), priority: Int(value)), into: table)
        }
        try test.engine.setCloneSession(1, CloneSession(replicas: [Replica(port: 3)]))
        try test.engine.createMulticastGroup(1)
        let node = try test.engine.createMulticastNode(rid: 1, ports: [1, 2])
        try test.engine.associate(node: node, withGroup: 1)
        var nowhere = Nowhere()
        let frame: [UInt8] = [5, 1, 2, 3, 4]
        for _ in 0..<100 { forward(frame, &test, &nowhere) }
        let (before, sent) = (p4ni_allocation_count(), nowhere.count)
        for _ in 0..<5_000 { forward(frame, &test, &nowhere) }
        #expect(p4ni_allocation_count() == before)
        // Two clones (of both passes) and two multicast copies.
        #expect(nowhere.count - sent == 20_000)
    }

    private func forward(_ frame: [UInt8], _ test: inout TestSwitch, _ output: inout Nowhere) {
        test.now += 100
        unsafe test.engine.receive(frame.span.bytes, port: 1, now: test.times)
        for _ in 0..<3 { test.engine.poll(now: test.times, into: &output) }
    }
}
