// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import LinuxSystem

/// Programs that do nothing at both hooks, for as long as this value lives: what the hooks themselves cost.
struct IdlePrograms: ~Copyable {
    private let xdp: BPFLink
    private let egress: BPFLink
    private let programs: FloorPrograms

    /// The interface is looked for in the network namespace of the calling thread.
    init(interface: String) throws {
        let floor = try FloorPrograms(telemetry: 0)
        let index = try InterfaceIndex.of(interface)
        let xdp = try BPFLink.attachXDP(floor.xdpEmpty, to: index, mode: .native)
        egress = try BPFLink.attachEgress(floor.tcEmpty, to: index)
        self.xdp = xdp
        programs = floor
    }

    /// By the name of the hook; the kernel counts while `RunTimeAccounting` is on.
    func runTimes() throws(BPFError) -> [String: ProgramRunTime] {
        ["xdp": try programs.xdpEmpty.runTime(), "egress": try programs.tcEmpty.runTime()]
    }
}
