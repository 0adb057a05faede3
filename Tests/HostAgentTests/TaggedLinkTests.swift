// SPDX-License-Identifier: Apache-2.0

import CLibbpf
import LinuxSystem
import Testing

@testable import BPF
@testable import HostAgent

extension LiveTests {
    /// A VLAN tag of the server's that the kernel keeps beside the packet, as it does for cards that insert tags: the
    /// program at TC egress does not see it, and it is written in front of the telemetry when the frame leaves.
    @Suite struct TaggedLinkTests {
        @Test func telemetryStandsBehindATagThatIsKeptBesideThePacket() throws {
            try HostLab.with { lab in
                let tagging = try lab.server.perform { () throws -> BPFLink in
                    guard let place = InterfacePlace(named: "eth0") else {
                        throw HostAgentError(.noInterface, interface: "eth0")
                    }
                    return try BPFLink.attachEgress(try Self.tagger(), to: place.index)
                }
                try lab.host { _ = try $0.attach() }
                try EchoServer.with(lab) {
                    var wire = try Cable(lab)
                    // The tag of a request is taken off by whoever keeps it beside the packet.
                    let request = RequestFrame(level: 3)
                    wire.send(request.bytes)
                    let next = wire.nextReply()
                    let reply = try #require(next)
                    #expect(Array(reply[12..<18]) == [0x81, 0x00, 0x00, 0x07, 0x12, 0x12])
                    #expect(Array(reply[18...].prefix(request.returned.count)) == request.returned)
                    #expect(reply.count == request.reply.count + 4 + request.returned.count + 60)
                }
                #expect(try lab.host { try $0.status() }.restored == 1)
                try lab.host { try $0.detach() }
                _ = consume tagging
            }
        }

        /// Tags every frame with VLAN 7, and goes on with the next program.
        private static func tagger() throws -> BPFProgram {
            var options = unsafe bpf_prog_load_opts()
            unsafe options.sz = OptionsSize.through(\bpf_prog_load_opts.attach_btf_id)
            unsafe options.attempts = 1
            // r2 = htons(0x8100); r3 = 7; call bpf_skb_vlan_push (18); r0 = -1; exit
            let instructions: [UInt64] = [
                0x0000_0081_0000_02b7, 0x0000_0007_0000_03b7, 0x0000_0012_0000_0085, 0xffff_ffff_0000_00b7, 0x95,
            ]
            let number = try Libbpf.run("load program", on: "tagger") {
                unsafe instructions.withUnsafeBytes { bytes in
                    unsafe bpf_prog_load(
                        BPF_PROG_TYPE_SCHED_CLS, "p4ni_test_tag", "GPL",
                        bytes.baseAddress?.assumingMemoryBound(to: bpf_insn.self), instructions.count, &options)
                }
            }
            return BPFProgram(name: "tagger", attachType: 0, handle: KernelHandle(owning: number))
        }
    }
}
