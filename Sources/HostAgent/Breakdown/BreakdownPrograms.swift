// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import EmbeddedPrograms

/// bpf/breakdown.bpf.c: the programs that measure the stages of a host's time between its two hooks. None is required.
enum BreakdownPrograms {
    static let queue = HostHook.cgroup("ingress")
    static let receive = HostHook.tracing("sock_recv_length")
    static let copied = HostHook.tracing("tcp_rcv_space_adjust")
    static let run = HostHook.tracing("sched_switch")
    static let send4 = HostHook.cgroup("sendmsg4")
    static let send6 = HostHook.cgroup("sendmsg6")
    static let sent = HostHook.cgroup("egress")
    static let write = HostHook.tracing("tcp_sendmsg_locked")

    /// The tracepoints among them, by the kernel's names.
    static let tracepoints = [receive, copied, run, write].compactMap { hook in
        if case .tracing(let name) = hook { name } else { nil }
    }

    static func objects(_ breakdown: AttachOptions.Breakdown) -> [ProgramPlan.Object] {
        guard breakdown != .off else { return [] }
        return [
            ProgramPlan.Object(
                name: "p4ni_breakdown", image: .breakdown,
                programs: [
                    .optional("p4ni_queue", at: queue), .optional("p4ni_receive", at: receive),
                    .optional("p4ni_switch", at: run), .optional("p4ni_send4", at: send4),
                    .optional("p4ni_send6", at: send6), .optional("p4ni_sent", at: sent),
                    .optional("p4ni_write", at: write), .optional("p4ni_copied", at: copied),
                ])
        ]
    }

    /// Entries in which receivers look requests up: enough more than slots that two requests hardly ever share one.
    static func queued(_ layout: StoreLayout) -> Int { layout.slots * 4 }

    /// Sizes the maps: one row of stages per slot, and the entries in which receive calls look requests up.
    static func size(
        _ file: borrowing ObjectFile, for layout: StoreLayout, _ breakdown: AttachOptions.Breakdown
    ) throws(BPFError) {
        guard breakdown != .off else { return }
        if file.hasMap("p4ni_stage") { try file.setMaximumEntries(of: "p4ni_stage", to: layout.slots) }
        if file.hasMap("p4ni_queued") { try file.setMaximumEntries(of: "p4ni_queued", to: queued(layout)) }
    }
}
