// SPDX-License-Identifier: Apache-2.0

import ProgramAssembly
import SwitchEngine
import SwitchIR
import Testing

/// What becomes of a packet after ingress and after egress: v1model's order of decisions.
struct PipelineTests {
    private let packet: [UInt8] = [0, 1, 2, 3, 9, 9]

    @Test func aPacketGoesToItsEgressSpecUnchanged() throws {
        var test = try TestSwitch(ProbeProgram().program)
        #expect(test.send(packet) == [.init(port: 2, bytes: packet)])
        let statistics = test.engine.statistics
        #expect(statistics.ports.map(\.number) == [1, 2])
        #expect(statistics.ports[0].received == CounterValue(packets: 1, bytes: 6))
        #expect(statistics.ports[1].sent == CounterValue(packets: 1, bytes: 6))
        #expect(test.engine.packetsHeld == 0)
    }

    @Test func anEgressSpecNeverAssignedMeansPort0() throws {
        var probe = ProbeProgram()
        probe.assembly.ingress { _ in }
        var test = try TestSwitch(probe.program)
        #expect(test.send(packet).map(\.port) == [0])
    }

    @Test func theDropPortDropsAfterIngress() throws {
        var probe = ProbeProgram()
        probe.ingress { $0.set(.egressSpec, 511) }
        var test = try TestSwitch(probe.program)
        #expect(test.send(packet).isEmpty)
        #expect(test.engine.statistics.ports.first?.drops == [.ingress: 1])
        #expect(test.engine.packetsHeld == 0)
    }

    @Test func aWriteAfterMarkToDropUndoesIt() throws {
        var probe = ProbeProgram()
        probe.ingress {
            $0.set(.egressSpec, 511)
            $0.set(.egressSpec, 7)
        }
        var test = try TestSwitch(probe.program)
        #expect(test.send(packet).map(\.port) == [7])
    }

    @Test(arguments: [(true, [3, 4]), (false, [])])
    func markToDropAndMulticastGoByTheLastWrite(groupLast: Bool, ports: [Int]) throws {
        var probe = ProbeProgram()
        probe.ingress { p in
            if !groupLast { p.set(.mcastGrp, 1) }
            p.set(.egressSpec, 511)
            p.set(.mcastGrp, 0)
            if groupLast { p.set(.mcastGrp, 1) }
        }
        var test = try TestSwitch(probe.program)
        try test.engine.createMulticastGroup(1)
        let node = try test.engine.createMulticastNode(rid: 5, ports: [4, 3])
        try test.engine.associate(node: node, withGroup: 1)
        #expect(test.send(packet).map(\.port) == ports)
    }

    @Test func resubmitBeatsMulticastDropAndEgressSpec() throws {
        var probe = ProbeProgram(observing: [.instanceType])
        probe.ingress { p in
            p.ifInstance(0) { p in
                p.set(.mcastGrp, 1)
                p.set(.egressSpec, 511)
                p.op(.resubmit, d: 0)
            }
        }
        var test = try TestSwitch(probe.program)
        let sent = test.send(packet)
        #expect(sent.map(\.port) == [2])
        #expect(test.drops.isEmpty)
    }

    @Test func anUnknownGroupOrOneWithoutMembersIsADrop() throws {
        var probe = ProbeProgram()
        probe.ingress { $0.set(.mcastGrp, 9) }
        var test = try TestSwitch(probe.program)
        #expect(test.send(packet).isEmpty)
        try test.engine.createMulticastGroup(9)
        #expect(test.send(packet).isEmpty)
        #expect(test.drops == [.emptyGroup: 2])
    }

    @Test func exitInAnActionEndsIngressAlone() throws {
        var probe = ProbeProgram(observing: [.egressPort])
        let leave = probe.assembly.action("exit") { p, _ in p.op(.end) }
        let entry = probe.assembly.actions[leave].entry
        probe.ingress { p in
            p.op(.call, d: entry)
            p.set(.egressSpec, 511)
        }
        var test = try TestSwitch(probe.program)
        let sent = test.send(packet)
        #expect(sent.map(\.port) == [2])
        #expect(probe.values(sent[0].bytes) == [2])
    }

    // MARK: After egress

    @Test func egressStartsWithItsPortAndAnEgressSpecOf0() throws {
        var probe = ProbeProgram(observing: [.egressPort, .egressSpec, .ingressPort, .instanceType])
        var test = try TestSwitch(probe.program)
        let sent = test.send(packet, port: 6)
        #expect(probe.values(sent[0].bytes) == [2, 0, 6, 0])
        probe.assembly.egress { $0.set(.egressSpec, 511) }
        test = try TestSwitch(probe.program)
        #expect(test.send(packet).isEmpty)
        #expect(test.engine.statistics.ports.last?.drops == [.egress: 1])
    }

    @Test(arguments: [Field.egressSpec, .egressPort, .mcastGrp])
    func otherWritesInEgressChangeNothing(field: Field) throws {
        var probe = ProbeProgram()
        probe.egress { $0.set(field, 5) }
        var test = try TestSwitch(probe.program)
        #expect(test.send(packet) == [.init(port: 2, bytes: packet)])
    }

    @Test func aDropInEgressBeatsRecirculationAndSkipsTheDeparser() throws {
        var probe = ProbeProgram()
        probe.egress { p in
            p.op(.recirculate, d: 0)
            p.set(.egressSpec, 511)
        }
        var test = try TestSwitch(probe.program)
        #expect(test.send(packet).isEmpty)
        #expect(test.drops == [.egress: 1])
        #expect(test.engine.packetsHeld == 0)
    }

    @Test func aPortWithoutAnInterfaceSwallowsAndCounts() throws {
        var test = try TestSwitch(ProbeProgram().program)
        test.refuse(.noPort)
        #expect(test.send(packet).isEmpty)
        #expect(test.engine.statistics.ports.last?.drops == [.noPort: 1])
        #expect(test.engine.statistics.ports.last?.sent == CounterValue())
    }

    @Test func aFailedAssertDropsAndIsWritten() throws {
        var probe = ProbeProgram()
        let never = probe.assembly.constant(0)
        probe.assembly.messages = [
            LogMessage(format: "x is {} \\{\\}", arguments: [(slot: Field.ingressPort.slot, width: 9)])
        ]
        probe.ingress { $0.op(.assert, b: never, d: 0) }
        var configuration = Configuration()
        let texts = Texts()
        configuration.log = { texts.add($0) }
        var test = try TestSwitch(probe.program, configuration)
        #expect(test.send(packet, port: 3).isEmpty)
        #expect(test.drops == [.assertion: 1])
        #expect(texts.all == ["x is 3 {}"])
    }

    @Test func timestampsAreOfTheClockThatIsHandedIn() throws {
        let probe = ProbeProgram(
            observing: [.ingressGlobalTimestamp, .enqTimestamp, .egressGlobalTimestamp, .deqTimedelta])
        var test = try TestSwitch(probe.program)
        let start: UInt64 = 0xABCD_FFFF_FFFF_FFF0
        unsafe test.engine.receive(
            packet.span.bytes, port: 1, now: PacketTimes(nanoseconds: 10, microseconds: start), arrival: start &- 7)
        struct One: PacketOutput {
            var bytes: [UInt8] = []
            mutating func transmit(_ frame: borrowing OutgoingFrame, port: Int) -> DropReason? {
                bytes = frame.bytes()
                return nil
            }
        }
        var one = One()
        test.engine.poll(now: PacketTimes(nanoseconds: 20, microseconds: start &+ 0x20), into: &one)
        #expect(probe.values(one.bytes) == [0xFFFF_FFFF_FFE9, 0xFFFF_FFF0, 0x10, 0x20])
    }
}

/// Texts that a log sink got.
final class Texts: @unchecked Sendable {
    private(set) var all: [String] = []
    func add(_ text: String) { all.append(text) }
}
