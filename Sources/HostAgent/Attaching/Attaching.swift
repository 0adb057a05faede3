// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import CHostPrograms
internal import Glibc
internal import Telemetry

/// The steps of one attach. Every step that fails takes back those before it.
struct Attaching {
    let interface: String
    let place: InterfacePlace
    let directory: PinDirectory
    let options: AttachOptions

    func run() throws(HostAgentError) -> HostStatus {
        do {
            let plan = ProgramPlan.server(options, seed: UInt64.random(in: 1 ... .max))
            let loaded = try LoadedPrograms(plan)
            try directory.create()
            do {
                return try attach(loaded, plan)
            } catch {
                // Links that are not pinned, and with them the programs, went when `attach` was left.
                try? directory.remove()
                throw error
            }
        } catch {
            throw HostAgentError(error, interface: interface)
        }
    }

    /// XDP comes last: nothing is saved before there is what restores it, and its pin says that all is done.
    private func attach(_ loaded: LoadedPrograms, _ plan: ProgramPlan) throws -> HostStatus {
        try describe(loaded, plan)
        let filter = try attachEgress(loaded.program(at: .egress).value)
        do {
            try attachOthers(loaded, plan)
            let xdp = try attachXDP(loaded.program(at: .xdp).value)
            try loaded.maps.write(record(xdp.mode, filter))
            try xdp.link.pin(at: directory.path(of: .xdp))
            var status = try HostStatus(interface, pinnedIn: directory)
            status.nativeRefusal = xdp.nativeRefusal
            return status
        } catch {
            try? filter?.detach()
            throw error
        }
    }

    private func describe(_ loaded: LoadedPrograms, _ plan: ProgramPlan) throws {
        try directory.write("\(P4NI_ABI_VERSION)", as: PinDirectory.versionText)
        try directory.write(plan.role.rawValue, as: PinDirectory.roleText)
        for part in loaded.absent { try directory.write(part) }
        try loaded.maps.pin(in: directory)
    }

    /// All but XDP and TC egress, in the order of the plan.
    private func attachOthers(_ loaded: LoadedPrograms, _ plan: ProgramPlan) throws {
        for planned in plan.objects.flatMap(\.programs) where planned.hook != .xdp && planned.hook != .egress {
            guard let program = loaded.programs[planned.hook] else { continue }
            do {
                try attach(program.value, at: planned.hook).pin(at: directory.path(of: planned.hook))
            } catch  where !planned.isRequired {
                try directory.write(AbsentPart(name: planned.hook.name, reason: "\(error)"))
            }
        }
    }

    private func attach(_ program: borrowing BPFProgram, at hook: HostHook) throws -> BPFLink {
        switch hook {
        case .xdp: try BPFLink.attachXDP(program, to: place.index, mode: .native)
        case .egress: try BPFLink.attachEgress(program, to: place.index)
        case .ingress: try BPFLink.attachIngress(program, to: place.index)
        case .tracing: try BPFLink.attachTracing(program)
        case .cgroup: try BPFLink.attachCgroup(program, at: try CgroupTree.root())
        }
    }

    private func attachXDP(_ program: borrowing BPFProgram) throws -> AttachedXDP {
        var refusal: String?
        if options.xdp == .automatic {
            do {
                return AttachedXDP(try BPFLink.attachXDP(program, to: place.index, mode: .native), .native, nil)
            } catch {
                try giveUp(if: error)
                // The driver has no XDP, or not with this interface's settings, such as a large MTU.
                refusal = "\(error)"
            }
        }
        do {
            return AttachedXDP(try BPFLink.attachXDP(program, to: place.index, mode: .generic), .generic, refusal)
        } catch {
            try giveUp(if: error)
            throw error
        }
    }

    /// Errors that another mode would meet too.
    private func giveUp(if error: BPFError) throws {
        if error.errno == EBUSY || error.errno == EEXIST { throw HostAgentError(.occupied, interface: interface) }
        if error.isLackOfPrivilege { throw error }
    }

    /// - Returns: the filter, where the kernel has no TCX.
    private func attachEgress(_ program: borrowing BPFProgram) throws(BPFError) -> ClassicFilter? {
        if options.trafficControl == .automatic {
            do {
                let link = try BPFLink.attachEgress(program, to: place.index)
                try link.pin(at: directory.path(of: .egress))
                return nil
            } catch let error where error.errno == EINVAL || error.errno == EOPNOTSUPP {
                // A kernel before 6.6.
            }
        }
        return try ClassicFilter.attach(program, to: place.index)
    }

    private func record(_ mode: XDPMode, _ filter: ClassicFilter?) -> p4ni_attachment {
        var record = p4ni_attachment()
        record.version = UInt32(P4NI_ABI_VERSION)
        record.xdp_mode = UInt32(mode == .native ? P4NI_XDP_NATIVE : P4NI_XDP_GENERIC)
        record.tc_mode = UInt32(filter == nil ? P4NI_TC_TCX : P4NI_TC_CLSACT)
        record.owns_clsact = filter?.ownsQueueingDiscipline == true ? 1 : 0
        record.tc_handle = filter?.handle ?? 0
        record.tc_priority = filter?.priority ?? 0
        record.interface_index = place.index
        record.reference_level = UInt32(options.referenceLevel.rawValue)
        record.since = Self.realtimeNanoseconds()
        record.max_requests = UInt64(options.maximumRequests)
        record.name = InterfaceName.words(of: interface)
        return record
    }

    private static func realtimeNanoseconds() -> UInt64 {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }
}

private struct AttachedXDP: ~Copyable {
    let link: BPFLink
    let mode: XDPMode
    let nativeRefusal: String?

    init(_ link: consuming BPFLink, _ mode: XDPMode, _ nativeRefusal: String?) {
        self.link = link
        self.mode = mode
        self.nativeRefusal = nativeRefusal
    }
}

extension ClassicFilter {
    /// The filter that an attachment left, nil if it was made by link.
    init?(_ attachment: p4ni_attachment) {
        guard attachment.tc_mode == UInt32(P4NI_TC_CLSACT) else { return nil }
        self.init(
            interfaceIndex: attachment.interface_index, handle: attachment.tc_handle, priority: attachment.tc_priority,
            ownsQueueingDiscipline: attachment.owns_clsact == 1)
    }
}
