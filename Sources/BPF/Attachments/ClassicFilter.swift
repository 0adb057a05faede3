// SPDX-License-Identifier: Apache-2.0

internal import CLibbpf
internal import Glibc

/// A program as a filter of TC's clsact qdisc: the way of kernels before 6.6. It stays when its maker ends, so whoever
/// attached it must remember handle and priority to take it away.
public struct ClassicFilter: Sendable, Hashable {
    /// Index of the interface.
    public let interfaceIndex: UInt32
    /// The kernel's number of the filter among those of one priority.
    public let handle: UInt32
    /// Filters of a lower number run first.
    public let priority: UInt32
    /// Whether the qdisc was made for this filter.
    public let ownsQueueingDiscipline: Bool

    /// A filter that was attached earlier, as `attach` returned it.
    public init(interfaceIndex: UInt32, handle: UInt32, priority: UInt32, ownsQueueingDiscipline: Bool) {
        self.interfaceIndex = interfaceIndex
        self.handle = handle
        self.priority = priority
        self.ownsQueueingDiscipline = ownsQueueingDiscipline
    }

    /// Chooses handle and priority for a filter at egress, last of all there, and makes the qdisc if the interface
    /// has none. Nothing runs yet: the caller can write down what it is about to do.
    public static func prepare(interfaceIndex: UInt32) throws(BPFError) -> ClassicFilter {
        var hook = Self.hook(interfaceIndex, BPF_TC_EGRESS)
        var owns = true
        do {
            try Libbpf.run("make clsact for", on: "interface \(interfaceIndex)") {
                unsafe bpf_tc_hook_create(&hook)
            }
        } catch  where error.errno == EEXIST {
            owns = false
        }
        for priority in lastPriorities {
            let filter = ClassicFilter(
                interfaceIndex: interfaceIndex, handle: 1, priority: priority, ownsQueueingDiscipline: owns)
            if filter.programID() == nil { return filter }
        }
        throw BPFError("find a free priority for a filter at", "interface \(interfaceIndex)", errno: EBUSY)
    }

    /// After 49152, from which the kernel chooses downwards for filters that do not ask for a priority.
    private static let lastPriorities: ClosedRange<UInt32> = 49200...49231

    /// Runs the program there from now on; one that is there is replaced without a gap.
    public func attach(_ program: borrowing BPFProgram) throws(BPFError) {
        var hook = Self.hook(interfaceIndex, BPF_TC_EGRESS)
        var options = selection
        let number = program.handle.number
        options.prog_fd = number
        if programID() != nil { options.flags = BPF_TC_F_REPLACE.rawValue }
        do {
            try Libbpf.run("attach filter", on: program.name) { unsafe bpf_tc_attach(&hook, &options) }
        } catch {
            if ownsQueueingDiscipline, programID() == nil { Self.removeQueueingDiscipline(of: interfaceIndex) }
            throw error
        }
    }

    /// The number of the program that the filter runs; nil if there is no such filter.
    public func programID() -> UInt32? {
        var hook = Self.hook(interfaceIndex, BPF_TC_EGRESS)
        var options = selection
        let found = try? Libbpf.run("look for filter", on: "\(handle)") { unsafe bpf_tc_query(&hook, &options) }
        return found == nil ? nil : options.prog_id
    }

    /// Takes the filter away, if it is there, and the qdisc if it was made for it.
    public func detach() throws(BPFError) {
        var hook = Self.hook(interfaceIndex, BPF_TC_EGRESS)
        var options = selection
        if programID() != nil {
            try Libbpf.run("detach filter", on: "\(handle)") { unsafe bpf_tc_detach(&hook, &options) }
        }
        if ownsQueueingDiscipline { Self.removeQueueingDiscipline(of: interfaceIndex) }
    }

    private var selection: bpf_tc_opts {
        var options = Self.options()
        options.handle = handle
        options.priority = priority
        return options
    }

    /// Both directions together stand for the qdisc itself. That it has gone already is as good.
    private static func removeQueueingDiscipline(of interfaceIndex: UInt32) {
        var hook = Self.hook(
            interfaceIndex, bpf_tc_attach_point(rawValue: BPF_TC_INGRESS.rawValue | BPF_TC_EGRESS.rawValue))
        _ = unsafe bpf_tc_hook_destroy(&hook)
    }

    private static func hook(_ interfaceIndex: UInt32, _ point: bpf_tc_attach_point) -> bpf_tc_hook {
        var hook = bpf_tc_hook()
        hook.sz = OptionsSize.through(\bpf_tc_hook.parent)
        hook.ifindex = Int32(bitPattern: interfaceIndex)
        hook.attach_point = point
        return hook
    }

    private static func options() -> bpf_tc_opts {
        var options = bpf_tc_opts()
        options.sz = OptionsSize.through(\bpf_tc_opts.priority)
        return options
    }
}
