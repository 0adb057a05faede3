// SPDX-License-Identifier: Apache-2.0

internal import BPF

/// Attaching by a link, to hooks that need no choice. XDP has modes and TC egress has kinds: `AttachOperation` chooses them,
/// and a replacement comes here for a hook that its predecessor did not have.
struct HookAttachment {
    let place: InterfacePlace
    let generation: PinDirectory

    /// - Parameter program: nil if the kernel refused it.
    func attach(_ planned: ProgramPlan.Program, _ program: Shared<BPFProgram>?) throws {
        guard let program else { return }
        do {
            try attach(program.value, at: planned.hook)
        } catch  where !planned.isRequired {
            try generation.write(AbsentPart(name: planned.hook.name, reason: "\(error)"))
        }
    }

    /// Attaches and pins the link.
    func attach(_ program: borrowing BPFProgram, at hook: HostHook) throws {
        let path = generation.path(of: hook)
        switch hook {
        case .xdp: try BPFLink.attachXDP(program, to: place.index, mode: .native).pin(at: path)
        case .egress: try BPFLink.attachEgress(program, to: place.index).pin(at: path)
        case .ingress: try BPFLink.attachIngress(program, to: place.index).pin(at: path)
        case .tracing: try BPFLink.attachTracing(program).pin(at: path)
        case .cgroup: try BPFLink.attachCgroup(program, at: try CgroupTree.root()).pin(at: path)
        }
    }
}
