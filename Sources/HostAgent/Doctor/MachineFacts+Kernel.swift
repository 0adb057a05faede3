// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import LinuxSystem

extension MachineFacts {
    /// Reads and probes. Programs are loaded and let go of; nothing is attached, mounted or changed.
    static func read() -> MachineFacts {
        let places = MountNamespace.performInInitial {
            (
                bpffs: PinStore.isMounted, lockdown: TextFile.contents("/sys/kernel/security/lockdown"),
                types: FileSystem.exists("/sys/kernel/btf/vmlinux"),
                kprobes: FileSystem.exists("/sys/bus/event_source/devices/kprobe/type")
            )
        }
        return MachineFacts(
            effectiveCapabilities: capabilities(in: TextFile.contents("/proc/thread-self/status") ?? ""),
            kernelRelease: TextFile.contents("/proc/sys/kernel/osrelease") ?? "not known",
            hasTypeInformation: places.types, programs: loadPrograms(),
            justInTime: TextFile.contents("/proc/sys/net/core/bpf_jit_enable").flatMap { Int($0) },
            pinFileSystem: places.bpffs ? .mounted : .absent,
            lockdown: places.lockdown.flatMap { lockdown(in: $0) },
            tracepoints: Dictionary(
                uniqueKeysWithValues: TracingChecks.tracepoints.map { ($0, load(.tracepoint($0))) }),
            functionEntry: load(.functionEntry("ip_rcv")), hasKprobes: places.kprobes,
            // The loopback interface, which every network namespace has as its first.
            hasTCX: try? InterfaceProbe.hasTCX(interfaceIndex: 1), clock: DomainClock.name,
            discipline: try? ClockDiscipline.current(), processors: Processor.onlineCount)
    }

    /// The line `CapEff:` of a thread's status, in hexadecimal.
    static func capabilities(in status: String) -> UInt64 {
        for line in status.split(separator: "\n") where line.hasPrefix("CapEff:") {
            let digits = line.dropFirst("CapEff:".count).filter { !$0.isWhitespace }
            return UInt64(digits, radix: 16) ?? 0
        }
        return 0
    }

    /// `none [integrity] confidentiality`: the one in brackets holds.
    static func lockdown(in text: String) -> Lockdown? {
        Lockdown.allCases.first { text.contains("[\($0.rawValue)]") }
    }

    private static func loadPrograms() -> Loading {
        var options = AttachOptions()
        options.maximumRequests = 1
        do {
            for role in HostRole.allCases {
                options.role = role
                _ = try LoadedPrograms(.of(options, seed: 1))
            }
            return .loads
        } catch  where error.errno == Errno.noSystemCall.rawValue {
            return .absent
        } catch  where error.isLackOfPrivilege {
            return .notPermitted
        } catch {
            return .refused("\(error)")
        }
    }

    private static func load(_ probe: TracingProbe) -> Loading {
        do {
            try probe.load()
            return .loads
        } catch  where [Errno.noEntry, .noProcess].contains(Errno(rawValue: error.errno)) {
            return .absent
        } catch  where error.isLackOfPrivilege {
            return .notPermitted
        } catch {
            return .refused("\(error)")
        }
    }
}

/// Small files of /proc and /sys.
private enum TextFile {
    /// Without the line's end; nil if it is not there or may not be read.
    static func contents(_ path: String) -> String? {
        guard var text = FileSystem.text(of: path) else { return nil }
        while text.last == "\n" { text.removeLast() }
        return text
    }
}
