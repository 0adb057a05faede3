// SPDX-License-Identifier: Apache-2.0

import BPF
import LinuxSystem
import Testing
import Wire

@testable import HostAgent

extension LiveTests {
    /// What the doctor reads, of interfaces whose settings are known.
    @Suite(.serialized) struct DoctorLiveTests {
        @Test func aMachineThatRunsTheseTestsHasNoProblem() {
            let facts = MachineFacts.read()
            #expect(facts.programs == .loads)
            #expect(facts.hasTCX == true)
            #expect(facts.processors >= 1)
            #expect(Doctor.examineMachine().allSatisfy { $0.state != .problem })
        }

        @Test func aTracepointThatIsNotThereIsAbsentAndNotForbidden() throws {
            try TracingProbe.tracepoint("sched_switch").load()
            let error = #expect(throws: BPFError.self) { try TracingProbe.tracepoint("p4ni_no_such").load() }
            #expect(error?.isLackOfPrivilege == false)
        }

        @Test func readsAnInterfaceAsItIs() throws {
            try HostLab.with(mtu: 1600) { lab in
                try addRoute(in: lab, mtu: 1400)
                let facts = try lab.server.perform { try InterfaceFacts.read("eth0") }
                #expect(facts.isEthernet && facts.isUp && facts.isRunning)
                #expect(facts.driver == "veth" && facts.hasNativeXDP == true && facts.xdpHolder == nil)
                #expect(facts.receiveQueues == 1)
                #expect(facts.mtu == 1600)
                #expect(facts.routes.contains(Route(destination: "default", mtu: 1400)))
                #expect(facts.routes.contains(Route(destination: "10.0.0.0/8", isConnected: true)))
                #expect(!facts.offloads.tcpSegmentation && !facts.offloads.genericSegmentation)
                #expect(!facts.offloads.transmitChecksum && !facts.offloads.genericReceive)
                #expect(facts.offloads.segmentLimit > 1)
                var session = try RouteSession(in: lab.server)
                try session.setUp("eth0", false)
                #expect(try !lab.server.perform { try InterfaceFacts.read("eth0").isUp })
            }
        }

        @Test func namesTheProgramThatHoldsTheInterface() throws {
            try HostLab.with { lab in
                var options = AttachOptions()
                options.xdp = .genericOnly
                let status = try lab.host { try $0.attach(options) }
                let holder = try lab.server.perform { try InterfaceFacts.read("eth0").xdpHolder }
                #expect(
                    holder == XDPHolder(programID: status.xdpProgramID, name: "p4ni_xdp_strip", mode: .generic))
                try lab.host { try $0.detach() }
                #expect(try lab.server.perform { try InterfaceFacts.read("eth0").xdpHolder } == nil)
            }
        }

        @Test func theLoopbackInterfaceHasNoNativeXDP() throws {
            try HostLab.with { lab in
                let facts = try lab.server.perform { try InterfaceFacts.read("lo") }
                #expect(facts.hasNativeXDP == false)
                #expect(!facts.isUp)
            }
        }

        @Test func anInterfaceThatIsNotThereIsAnError() {
            let error = #expect(throws: HostAgentError.self) { try Doctor.examine(interface: "p4ni-none") }
            #expect(error?.code == .noInterface)
        }

        /// A reply's checksum is left to a card that is not there, unless that is turned off.
        @Test func fixedOffloadsAreOffAndTheReplysChecksumIsRight() throws {
            try HostLab.with { lab in
                try turnOffloadsOn(in: lab)
                #expect(
                    try lab.host { try $0.warnings() }.map(\.check) == ["segmentation", "transmit-checksum", "mtu"])
                try lab.host { _ = try $0.attach() }
                #expect(try !replysChecksumIsRight(in: lab))
                let changes = try lab.host { try $0.fixOffloads() }
                #expect(changes.map(\.now).contains("TSO off") && changes.map(\.now).contains("gso_max_segs 1"))
                #expect(changes.map(\.undo).contains("ethtool -K eth0 tx on"))
                #expect(try lab.host { try $0.warnings() }.map(\.check) == ["mtu"])
                #expect(try replysChecksumIsRight(in: lab))
                #expect(try lab.host { try $0.fixOffloads() }.isEmpty)
                try lab.host { try $0.detach() }
                let after = try lab.server.perform { try InterfaceFacts.read("eth0").offloads }
                #expect(!after.tcpSegmentation && !after.transmitChecksum && after.segmentLimit == 1)
                // XDP was native: GRO comes after it, and was left on.
                #expect(after.genericReceive)
            }
        }

        private func addRoute(in lab: HostLab, mtu: Int) throws {
            try runTool("ip route add default via \(HostLab.clientAddress) dev eth0 mtu \(mtu)", in: lab.server)
        }

        private func turnOffloadsOn(in lab: HostLab) throws {
            try lab.server.perform {
                let control = try InterfaceControl()
                // In the order in which each may be on.
                for offload in [Offload.transmitChecksum, .scatterGather, .tcpSegmentation, .genericSegmentation] {
                    try control.set(offload, of: "eth0", to: true)
                }
                try control.set(.genericReceive, of: "eth0", to: true)
            }
        }

        private func replysChecksumIsRight(in lab: HostLab) throws -> Bool {
            var isRight = false
            try EchoServer.with(lab) {
                var wire = try Cable(lab)
                let request = RequestFrame()
                wire.send(request.bytes)
                let next = wire.nextReply()
                let reply = try #require(next)
                #expect(Array(reply[12..<14]) == big(UInt16(0x1212)))
                let udp = Array(reply[(14 + request.telemetry.count + 60 + 20)...])
                var sum = InternetChecksum()
                let addresses: [UInt8] = [10, 0, 2, 2, 10, 0, 1, 1]
                sum.add((addresses + [0, 17] + big(UInt16(udp.count)) + udp).span)
                isRight = sum.value == 0
            }
            return isRight
        }
    }
}
