// SPDX-License-Identifier: Apache-2.0

/// What a server needs of the machine, whatever the interface.
struct MachineChecks {
    let facts: MachineFacts

    var findings: [Finding] {
        [privileges, kernel, programs, typeInformation, justInTime, pins, egressHook, processors]
            + TracingChecks(
                facts: facts
            ).findings + ClockChecks(facts: facts).findings
    }

    private var privileges: Finding {
        let missing = Capability.allCases.filter { !facts.has($0) }
        let reason = "loading programs, attaching them and pinning them in bpffs need these capabilities"
        if missing.isEmpty {
            return Finding("privileges", .ok, "all of \(Self.names(Capability.allCases))", because: reason)
        }
        // Older than CAP_BPF, which is a part of it.
        if missing == [.bpf] {
            return Finding("privileges", .ok, "CAP_SYS_ADMIN, which includes CAP_BPF", because: reason)
        }
        if missing == [.systemAdministration] {
            return Finding(
                "privileges", .warning, "no CAP_SYS_ADMIN",
                because: "bpffs of process 1 can then be neither mounted nor reached from `ip netns exec`",
                advice: "run as root, or keep to a mounted bpffs that this user may write to")
        }
        return Finding("privileges", .problem, "no \(Self.names(missing))", because: reason, advice: "run as root")
    }

    private static func names(_ capabilities: [Capability]) -> String {
        capabilities.map(\.name).joined(separator: ", ")
    }

    /// Only a fact: features are probed one by one, not derived from the release.
    private var kernel: Finding {
        Finding("kernel", .ok, facts.kernelRelease, because: "what it can do is probed below, not guessed from this")
    }

    private var programs: Finding {
        let reason = "these are what 'host attach' attaches"
        switch facts.programs {
        case .loads:
            return Finding("programs", .ok, "those of servers and clients load", because: reason)
        case .absent:
            return Finding(
                "programs", .problem, "the kernel has no bpf system call", because: reason,
                advice: "use a kernel with CONFIG_BPF_SYSCALL")
        case .notPermitted:
            return Finding(
                "programs", .problem, "loading them is not permitted", because: reason, advice: "run as root")
        case .refused(let cause):
            return Finding(
                "programs", .problem, cause, because: reason,
                advice: "use a newer kernel: they are made for and tested on 6.18")
        }
    }

    private var typeInformation: Finding {
        let reason = "the programs find the fields of TCP sockets by it, and the tracepoints of a host's time"
        if facts.hasTypeInformation {
            return Finding("type-information", .ok, "/sys/kernel/btf/vmlinux", because: reason)
        }
        return Finding(
            "type-information", .problem, "no /sys/kernel/btf/vmlinux", because: reason,
            advice: "use a kernel with CONFIG_DEBUG_INFO_BTF")
    }

    private var justInTime: Finding {
        let reason = "an interpreted program takes several times as long for each packet"
        let setting = "net.core.bpf_jit_enable"
        switch facts.justInTime {
        case .some(0):
            return Finding(
                "jit", .warning, "\(setting) is 0", because: reason, advice: "sysctl -w \(setting)=1")
        case .some(let value):
            return Finding("jit", .ok, "\(setting) is \(value)", because: reason)
        case .none:
            return Finding(
                "jit", .ok, "\(setting) cannot be read", because: reason + "; kernels that always compile hide it")
        }
    }

    private var pins: Finding {
        let reason = "pins in \(PinStore.path) keep programs and maps when the attaching process ends"
        switch facts.pinFileSystem {
        case .mounted: return Finding("pins", .ok, "bpffs on \(PinStore.mountPoint)", because: reason)
        case .absent:
            return Finding(
                "pins", .warning, "no bpffs on \(PinStore.mountPoint)", because: reason,
                advice: "nothing: 'host attach' mounts it; or mount -t bpf bpf \(PinStore.mountPoint)")
        }
    }

    private var egressHook: Finding {
        let reason = "replies are given their telemetry at TC's egress hook"
        switch facts.hasTCX {
        case .some(true): return Finding("egress-hook", .ok, "TCX", because: reason)
        case .some(false):
            return Finding(
                "egress-hook", .warning, "no TCX (Linux 6.6): clsact is used",
                because: reason + "; a filter of clsact is not a link, and outlives an agent that was killed",
                advice: "nothing, or use a newer kernel")
        case .none:
            return Finding(
                "egress-hook", .warning, "the kernel does not report it", because: reason, advice: "run as root")
        }
    }

    private var processors: Finding {
        Finding(
            "processors", .ok, "\(facts.processors)",
            because: "the programs run on the processor that a packet came to, several at once")
    }
}
