// SPDX-License-Identifier: Apache-2.0

import ProgramAssembly
import SwitchEngine
import SwitchIR
import Testing

/// `packet_length`, `truncate`, multicast.
struct LengthTests {
    private let packet: [UInt8] = [0, 1, 2, 3, 9, 9]

    @Test func egressSeesTheLengthThatIngressMade() throws {
        var assembly = Assembly()
        let inIngress = assembly.metadata(32)
        var probe = ProbeProgram(observing: [inIngress, Field.packetLength.slot])
        _ = probe.assembly.metadata(32)
        let extra = probe.assembly.header("hdr.extra", [("a", 64), ("b", 32)])
        let h = probe.h
        probe.ingress { p in
            p.op(.setValid, a: extra)
            p.op(.setValid, a: extra)
            p.op(.setInvalid, a: h)
            p.op(.copyHeader, a: extra, b: extra)
            p.op(.copy, w: 32, a: inIngress, b: Field.packetLength.slot)
        }
        var test = try TestSwitch(probe.program)
        #expect(test.send(packet).map { probe.values($0.bytes) } == [[6, 6 + 12 - 4]])
    }

    @Test func headerAssignmentDoesNotChangeTheLength() throws {
        var probe = ProbeProgram(observing: [.packetLength])
        let copy = probe.assembly.header("hdr.copy", [("op", 8), ("x", 8), ("y", 16)])
        let h = probe.h
        probe.ingress { $0.op(.copyHeader, a: copy, b: h) }
        var test = try TestSwitch(probe.program)
        #expect(test.send(packet).map { probe.values($0.bytes) } == [[6]])
    }

    @Test(arguments: [(3, 3), (4, 4), (5, 5), (100, 6), (0, 0)])
    func truncateCapsWhatIsSent(limit: Int, sent: Int) throws {
        var probe = ProbeProgram()
        probe.ingress { p in
            p.op(.truncate, b: p.constant(UInt64(limit)))
            p.op(.truncate, b: p.constant(1000))
        }
        var test = try TestSwitch(probe.program)
        #expect(test.send(packet).map(\.bytes) == [Array(packet.prefix(sent))])
    }

    @Test func truncateIsNotCarriedToCopies() throws {
        var probe = ProbeProgram()
        probe.ingress { p in
            p.op(.truncate, b: p.constant(2))
            p.op(.cloneIngress, b: p.constant(1), d: 0)
            p.set(.mcastGrp, 1)
        }
        probe.egress { p in
            p.ifInstance(1) { p in p.op(.truncate, b: p.constant(3)) }
        }
        var test = try TestSwitch(probe.program)
        try test.engine.setCloneSession(1, CloneSession(replicas: [Replica(port: 9)]))
        try test.engine.createMulticastGroup(1)
        let node = try test.engine.createMulticastNode(rid: 0, ports: [4, 5])
        try test.engine.associate(node: node, withGroup: 1)
        let sent = test.send(packet).sorted { $0.port < $1.port }
        #expect(sent.map(\.bytes.count) == [6, 6, 3])
    }

    @Test func aSessionMayCutItsClones() throws {
        var probe = ProbeProgram()
        probe.ingress { $0.op(.cloneIngress, b: $0.constant(1), d: 0) }
        var test = try TestSwitch(probe.program)
        try test.engine.setCloneSession(1, CloneSession(replicas: [Replica(port: 9)], truncateTo: 5))
        #expect(test.send(packet).map(\.bytes.count).sorted() == [5, 6])
    }

    // MARK: Multicast

    @Test func copiesKeepAllMetadataAndGetTheirRidsInOrder() throws {
        var assembly = Assembly()
        let user = assembly.metadata(16)
        var probe = ProbeProgram(observing: [
            Field.egressPort.slot, Field.egressRid.slot, Field.instanceType.slot, Field.ingressPort.slot, user,
        ])
        _ = probe.assembly.metadata(16)
        let h = probe.h
        probe.ingress { p in
            p.op(.copy, w: 16, a: user, b: p.constant(77))
            p.op(.storeField, w: 8, a: h, b: p.constant(0xEE), d: 8)
            p.set(.mcastGrp, 4)
        }
        var test = try TestSwitch(probe.program)
        try test.engine.createMulticastGroup(4)
        for (rid, ports) in [(10, [3, 1]), (20, [3])] {
            let node = try test.engine.createMulticastNode(rid: rid, ports: ports)
            try test.engine.associate(node: node, withGroup: 4)
        }
        let sent = test.send(packet, port: 1)
        // The ingress port is not left out.
        let values = sent.map { probe.values($0.bytes) }.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
        #expect(values == [[1, 10, 5, 1, 77], [3, 10, 5, 1, 77], [3, 20, 5, 1, 77]])
        #expect(sent.allSatisfy { probe.rest($0.bytes) == [0, 0xEE, 2, 3, 9, 9] })
    }

    @Test func copiesAreIndependentOfEachOther() throws {
        var probe = ProbeProgram()
        let (h, scratch) = (probe.h, probe.scratch)
        probe.ingress { $0.set(.mcastGrp, 4) }
        probe.egress { p in
            p.op(.loadField, w: 8, a: scratch, b: h, d: 8)
            p.op(.add, w: 8, a: scratch, b: scratch, c: Field.egressPort.slot)
            p.op(.storeField, w: 8, a: h, b: scratch, d: 8)
        }
        var test = try TestSwitch(probe.program)
        try test.engine.createMulticastGroup(4)
        let node = try test.engine.createMulticastNode(rid: 0, ports: [1, 2, 3])
        try test.engine.associate(node: node, withGroup: 4)
        #expect(test.send(packet).map { $0.bytes[1] }.sorted() == [2, 3, 4])
    }

    @Test func aNodeBelongsToOneGroupAtMost() throws {
        var test = try TestSwitch(ProbeProgram().program)
        try test.engine.createMulticastGroup(1)
        try test.engine.createMulticastGroup(2)
        let node = try test.engine.createMulticastNode(rid: 0, ports: [1])
        try test.engine.associate(node: node, withGroup: 1)
        #expect(code { () throws(EngineError) in try test.engine.associate(node: node, withGroup: 2) } == .nodeInUse)
        try test.engine.dissociate(node: node, fromGroup: 1)
        try test.engine.associate(node: node, withGroup: 2)
        #expect(test.engine.replicas(ofGroup: 2) == [Replica(port: 1)])
        #expect(test.engine.replicas(ofGroup: 1) == [])
    }
}

/// The code a call is refused with; nil if it is not.
func code(_ body: () throws(EngineError) -> Void) -> EngineError.Code? {
    do {
        try body()
        return nil
    } catch {
        return error.code
    }
}
