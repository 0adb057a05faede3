// SPDX-License-Identifier: Apache-2.0

import ProgramAssembly
import SwitchEngine
import SwitchIR
import Testing

/// Copies: what they contain, and which metadata they start with.
struct CloneTests {
    private let packet: [UInt8] = [0, 1, 2, 3, 9, 9]

    /// A program that marks its header (x := 0x77) and user metadata in ingress, and clones with `list`.
    private func cloning(_ opcode: Opcode, egress: Bool, observing fields: [Field] = [.instanceType, .ingressPort])
        -> (probe: ProbeProgram, kept: Int, lost: Int)
    {
        var assembly = Assembly()
        let (kept, lost) = (assembly.metadata(16), assembly.metadata(16))
        var probe = ProbeProgram(observing: fields.map(\.slot) + [kept, lost])
        // The same slots again: an assembly hands them out in order.
        _ = (probe.assembly.metadata(16), probe.assembly.metadata(16))
        probe.assembly.fieldLists.append(FieldList(id: 1, slots: [kept..<kept + 1]))
        let (h, session) = (probe.h, probe.assembly.constant(5))
        let mark: (inout Assembly) -> Void = { p in
            p.op(.storeField, w: 8, a: h, b: p.constant(0x77), d: 8)
            p.op(.copy, w: 16, a: kept, b: p.constant(11))
            p.op(.copy, w: 16, a: lost, b: p.constant(22))
            p.op(opcode, b: session, d: 1)
        }
        if egress {
            probe.ingress { _ in }
            probe.egress { p in p.ifInstance(0, mark) }
        } else {
            probe.ingress(mark)
        }
        return (probe, kept, lost)
    }

    @Test func anIngressCloneHasTheBytesThatCameInAndListedFieldsOnly() throws {
        let (probe, _, _) = cloning(.cloneIngress, egress: false)
        var test = try TestSwitch(probe.program)
        try test.engine.setCloneSession(5, CloneSession(replicas: [Replica(port: 8)]))
        let sent = test.send(packet, port: 3)
        #expect(Set(sent.map(\.port)) == [8, 2])
        let clone = try #require(sent.first { $0.port == 8 })
        let original = try #require(sent.first { $0.port == 2 })
        #expect(probe.values(clone.bytes) == [1, 0, 11, 0])
        #expect(probe.rest(clone.bytes) == packet)
        #expect(probe.values(original.bytes) == [0, 3, 11, 22])
        #expect(probe.rest(original.bytes) == [0, 0x77, 2, 3, 9, 9])
    }

    @Test func anEgressCloneHasTheEditedHeadersAndIsNotClonedAgain() throws {
        let (probe, _, _) = cloning(.cloneEgress, egress: true)
        var test = try TestSwitch(probe.program)
        try test.engine.setCloneSession(5, CloneSession(replicas: [Replica(port: 8)]))
        let sent = test.send(packet, port: 3)
        #expect(sent.map(\.port) == [2, 8])
        // The original's probe header was valid already when it was copied, and so is emitted once.
        #expect(probe.values(sent[1].bytes) == [2, 0, 11, 0])
        #expect(probe.rest(sent[1].bytes) == [0, 0x77, 2, 3, 9, 9])
    }

    @Test func anUnknownSessionClonesNothingAndHarmsNothing() throws {
        let (probe, _, _) = cloning(.cloneIngress, egress: false)
        var test = try TestSwitch(probe.program)
        #expect(test.send(packet).map(\.port) == [2])
        #expect(test.drops.isEmpty)
    }

    @Test func aDroppedOriginalIsStillCloned() throws {
        for opcode in [Opcode.cloneIngress, .cloneEgress] {
            var probe = ProbeProgram()
            let session = probe.assembly.constant(0)
            let body: (inout Assembly) -> Void = { p in
                p.ifInstance(0) { p in
                    p.op(opcode, b: session, d: 0)
                    p.set(.egressSpec, 511)
                }
            }
            if opcode == .cloneIngress { probe.ingress(body) } else { probe.egress(body) }
            var test = try TestSwitch(probe.program)
            try test.engine.setCloneSession(0, CloneSession(replicas: [Replica(port: 4)]))
            #expect(test.send(packet) == [.init(port: 4, bytes: packet)])
            #expect(test.drops == [opcode == .cloneIngress ? .ingress : .egress: 1])
        }
    }

    @Test func theLastCloneCallWinsAndSessionsHave15Bits() throws {
        var probe = ProbeProgram()
        probe.ingress { p in
            p.op(.cloneIngress, b: p.constant(1), d: 0)
            p.op(.cloneIngress, b: p.constant(0x8002), d: 0)
        }
        var test = try TestSwitch(probe.program)
        try test.engine.setCloneSession(1, CloneSession(replicas: [Replica(port: 4)]))
        try test.engine.setCloneSession(2, CloneSession(replicas: [Replica(port: 5)]))
        #expect(Set(test.send(packet).map(\.port)) == [2, 5])
        #expect(throws: EngineError.self) { try test.engine.setCloneSession(0x8000, CloneSession()) }
    }

    @Test func aSessionWithAGroupSetsTheRidAndKeepsTheInstanceType() throws {
        var probe = ProbeProgram(observing: [.instanceType, .egressRid])
        probe.ingress { $0.op(.cloneIngress, b: $0.constant(1), d: 0) }
        var test = try TestSwitch(probe.program)
        try test.engine.createMulticastGroup(3)
        let node = try test.engine.createMulticastNode(rid: 42, ports: [7, 6])
        try test.engine.associate(node: node, withGroup: 3)
        try test.engine.setCloneSession(1, CloneSession(replicas: [Replica(port: 5)], group: 3))
        let clones = test.send(packet).filter { $0.port != 2 }.sorted { $0.port < $1.port }
        #expect(clones.map(\.port) == [5, 6, 7])
        #expect(clones.map { probe.values($0.bytes) } == [[1, 0], [1, 42], [1, 42]])
    }

    @Test func theCloneIsQueuedBeforeTheOriginal() throws {
        var probe = ProbeProgram(observing: [.instanceType])
        probe.ingress { $0.op(.cloneIngress, b: $0.constant(1), d: 0) }
        var test = try TestSwitch(probe.program)
        try test.engine.setCloneSession(1, CloneSession(replicas: [Replica(port: 2)]))
        #expect(test.send(packet).map { probe.values($0.bytes) } == [[1], [0]])
    }

    @Test func metadataTheParserWritesIsLostInAnIngressClone() throws {
        var assembly = Assembly()
        let parsed = assembly.metadata(8)
        var probe = ProbeProgram(observing: [parsed])
        _ = probe.assembly.metadata(8)
        let h = probe.h
        probe.assembly.parser { p in
            p.op(.extract, a: h)
            p.op(.copy, w: 8, a: parsed, b: p.constant(5))
        }
        probe.ingress { $0.op(.cloneIngress, b: $0.constant(1), d: 0) }
        var test = try TestSwitch(probe.program)
        try test.engine.setCloneSession(1, CloneSession(replicas: [Replica(port: 8)]))
        let sent = test.send(packet)
        #expect(sent.first { $0.port == 8 }.map { probe.values($0.bytes) } == [0])
        #expect(sent.first { $0.port == 2 }.map { probe.values($0.bytes) } == [5])
    }

    // MARK: Further passes

    @Test func resubmitStartsFromTheBytesThatCameInWithListedFields() throws {
        var assembly = Assembly()
        let (seen, kept, lost) = (assembly.metadata(32), assembly.metadata(16), assembly.metadata(16))
        var probe = ProbeProgram(observing: [seen, kept, lost, Field.instanceType.slot, Field.ingressPort.slot])
        for _ in 0..<3 { _ = probe.assembly.metadata(16) }
        probe.assembly.fieldLists.append(FieldList(id: 3, slots: [kept..<kept + 1]))
        let h = probe.h
        probe.ingress { p in
            p.op(.copy, w: 32, a: seen, b: Field.instanceType.slot)
            p.ifInstance(0) { p in
                p.op(.storeField, w: 16, a: h, b: p.constant(0xFFFF), d: 16)
                p.op(.copy, w: 16, a: kept, b: p.constant(11))
                p.op(.copy, w: 16, a: lost, b: p.constant(22))
                p.op(.resubmit, d: 1)
            }
        }
        var test = try TestSwitch(probe.program)
        let sent = test.send(packet, port: 3)
        #expect(sent.count == 1)
        // Ingress sees RESUBMIT; by egress a unicast packet looks fresh, and its ingress port is lost.
        #expect(probe.values(sent[0].bytes) == [6, 11, 0, 0, 0])
        #expect(probe.rest(sent[0].bytes) == packet)
    }

    @Test func recirculateParsesTheDeparsedBytes() throws {
        var assembly = Assembly()
        let (seen, length) = (assembly.metadata(32), assembly.metadata(32))
        var probe = ProbeProgram(observing: [seen, length])
        _ = (probe.assembly.metadata(32), probe.assembly.metadata(32))
        let extra = probe.assembly.header("hdr.extra", [("a", 32)])
        let h = probe.h
        probe.ingress { p in
            p.op(.copy, w: 32, a: seen, b: Field.instanceType.slot)
            p.op(.copy, w: 32, a: length, b: Field.packetLength.slot)
        }
        let scratch = probe.scratch
        probe.assembly.egress { p in
            let done = p.label()
            p.op(.loadField, w: 8, a: scratch, b: h, d: 0)
            p.jump(.branchIfNotZero, b: scratch, to: done)
            p.op(.storeField, w: 8, a: h, b: p.constant(1), d: 0)
            p.op(.setValid, a: extra)
            p.op(.storeField, w: 32, a: extra, b: p.constant(0xAABB_CCDD), d: 0)
            p.op(.recirculate, d: 0)
            p.place(done)
        }
        probe.assembly.deparser { p in
            p.op(.emit, a: h)
            p.op(.emit, a: extra)
        }
        var test = try TestSwitch(probe.program)
        #expect(test.send(packet) == [.init(port: 2, bytes: [1, 1, 2, 3, 0xAA, 0xBB, 0xCC, 0xDD, 9, 9])])
        #expect(test.engine.packetsHeld == 0)
        // What ingress saw the second time, seen through a program that shows it.
        probe.egress { p in
            let done = p.label()
            p.op(.loadField, w: 8, a: scratch, b: h, d: 0)
            p.jump(.branchIfNotZero, b: scratch, to: done)
            p.op(.storeField, w: 8, a: h, b: p.constant(1), d: 0)
            p.op(.recirculate, d: 0)
            p.op(.end)
            p.place(done)
        }
        probe.assembly.parser { $0.op(.extract, a: h) }
        let shown = probe
        var shower = shown
        shower.assembly.deparser { p in
            p.op(.emit, a: 1)
            p.op(.emit, a: h)
        }
        test = try TestSwitch(shower.program)
        let sent = test.send(packet)
        #expect(sent.map { shower.values($0.bytes) } == [[4, 6]])
    }

    @Test func aPacketThatRecirculatesForEverIsDroppedAndCounted() throws {
        var probe = ProbeProgram()
        probe.egress { $0.op(.recirculate, d: 0) }
        var configuration = Configuration()
        configuration.maxPasses = 50
        var test = try TestSwitch(probe.program, configuration)
        #expect(test.send(packet).isEmpty)
        #expect(test.drops == [.passLimit: 1])
        #expect(test.engine.packetsHeld == 0)
    }

    @Test func theQueueForFurtherPassesDropsWhenFull() throws {
        var probe = ProbeProgram()
        probe.ingress { $0.op(.resubmit, d: 0) }
        var configuration = Configuration()
        configuration.recirculationDepth = 4
        configuration.maxPasses = 3
        var test = try TestSwitch(probe.program, configuration)
        for _ in 0..<40 { test.receive(packet) }
        _ = test.poll()
        for _ in 0..<20 { _ = test.poll() }
        #expect(test.drops[.recirculationFull, default: 0] + test.drops[.passLimit, default: 0] == 40)
        #expect(test.engine.packetsHeld == 0)
    }

    @Test func aCloneLoopNeitherHangsNorGrows() throws {
        var probe = ProbeProgram()
        probe.egress { $0.op(.cloneEgress, b: $0.constant(1), d: 0) }
        var configuration = Configuration()
        configuration.maxPackets = 8
        var test = try TestSwitch(probe.program, configuration)
        try test.engine.setCloneSession(
            1, CloneSession(replicas: [Replica(port: 2), Replica(port: 3), Replica(port: 4)]))
        test.receive(packet)
        struct Count: PacketOutput {
            var sent = 0
            mutating func transmit(_ frame: borrowing OutgoingFrame, port: Int) -> DropReason? {
                sent += 1
                return nil
            }
        }
        var count = Count()
        for _ in 0..<100 { test.engine.poll(now: test.times, limit: 16, into: &count) }
        #expect(count.sent == 1600)
        #expect(test.engine.packetsHeld <= 8)
        #expect(test.drops[.noBuffer] ?? 0 > 0)
    }
}
