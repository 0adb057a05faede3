// SPDX-License-Identifier: Apache-2.0

/// What the kernel lets be seen between the two hooks: nothing of it is needed for the host's total time.
struct TracingChecks {
    /// Those of the latency breakdown.
    static let tracepoints = BreakdownPrograms.tracepoints

    let facts: MachineFacts

    var findings: [Finding] { [lockdown, tracepoints, functionEntry, kprobes] }

    private var lockdown: Finding {
        let reason = "a locked-down kernel refuses even root what could change or show it"
        switch facts.lockdown {
        case .some(.open): return Finding("lockdown", .ok, "none", because: reason)
        case .some(.integrity):
            return Finding(
                "lockdown", .warning, "integrity", because: reason + ": fentry and fexit programs among it",
                advice: "nothing: XDP, TC and BPF tracepoints work; only fentry is given up")
        case .some(.confidentiality):
            return Finding(
                "lockdown", .warning, "confidentiality",
                because: reason + ": reading kernel memory from programs among it, so no tracing at all",
                advice: "nothing for the host's total time; for its stages boot with lockdown=integrity or none")
        case .none where facts.functionEntry == .notPermitted && facts.has(.systemAdministration):
            return Finding(
                "lockdown", .warning,
                "locked down, as fentry is refused; securityfs, which says how far, is not mounted",
                because: reason, advice: "nothing: XDP, TC and BPF tracepoints work; only fentry is given up")
        case .none:
            return Finding(
                "lockdown", .ok, "not known: securityfs is not mounted", because: reason,
                advice: "to see it: mount -t securityfs securityfs /sys/kernel/security")
        }
    }

    private var tracepoints: Finding {
        let reason = "BPF tracepoints measure the latency breakdown of the host without a change to the application"
        let failed = facts.tracepoints.filter { $0.value != .loads }.sorted { $0.key < $1.key }
        guard !failed.isEmpty else {
            let names = facts.tracepoints.keys.sorted().joined(separator: ", ")
            return Finding("tracepoints", .ok, "\(names) load", because: reason)
        }
        let found = failed.map { Self.text($0.key, $0.value) }.joined(separator: "; ")
        return Finding(
            "tracepoints", .warning, found, because: reason,
            advice: "run as root, on Linux 6.16 or newer (6.3 for UDP); the host's total time is measured without")
    }

    private var functionEntry: Finding {
        let reason = "entries of kernel functions would show more than tracepoints; nothing depends on them"
        switch facts.functionEntry {
        case .loads: return Finding("fentry", .ok, "loads", because: reason)
        case .absent, .notPermitted, .refused:
            return Finding("fentry", .ok, Self.text("fentry", facts.functionEntry), because: reason)
        }
    }

    private var kprobes: Finding {
        Finding(
            "kprobes", .ok, facts.hasKprobes ? "available" : "not in this kernel",
            because: "nothing depends on them: reported for those who trace besides")
    }

    private static func text(_ name: String, _ loading: MachineFacts.Loading) -> String {
        switch loading {
        case .loads: "\(name) loads"
        case .absent: "\(name) is not in this kernel"
        case .notPermitted: "\(name) is not permitted"
        case .refused(let cause): cause
        }
    }
}
