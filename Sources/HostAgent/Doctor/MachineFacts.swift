// SPDX-License-Identifier: Apache-2.0

internal import LinuxSystem

/// What was read of a machine, before anything is made of it.
struct MachineFacts: Sendable {
    /// How far the kernel is locked down: what even root may not do.
    enum Lockdown: String, Sendable, CaseIterable {
        case open = "none"
        case integrity, confidentiality
    }

    enum PinFileSystem: Sendable {
        /// bpffs is mounted where pins go.
        case mounted
        case absent
    }

    /// Whether something loads, and what the kernel said if it does not.
    enum Loading: Sendable, Equatable {
        case loads
        /// The kernel has no such thing.
        case absent
        /// EPERM: for lack of privilege, or because the kernel is locked down.
        case notPermitted
        case refused(String)
    }

    /// The calling thread's capabilities, a bit for each number.
    var effectiveCapabilities: UInt64
    var kernelRelease: String
    /// /sys/kernel/btf/vmlinux is there.
    var hasTypeInformation: Bool
    /// The programs that `host attach` requires, of every role.
    var programs: Loading
    /// net.core.bpf_jit_enable; nil where there is no such setting, or it may not be read.
    var justInTime: Int?
    var pinFileSystem: PinFileSystem
    /// nil where securityfs, which shows it, is not mounted.
    var lockdown: Lockdown?
    var tracepoints: [String: Loading]
    var functionEntry: Loading
    var hasKprobes: Bool
    /// nil where the caller has no privilege to ask the kernel.
    var hasTCX: Bool?
    /// `DomainClock.name`
    var clock: String
    /// nil where the kernel does not report it.
    var discipline: ClockDiscipline?
    var processors: Int

    func has(_ capability: Capability) -> Bool { effectiveCapabilities & 1 << UInt64(capability.rawValue) != 0 }
}

/// The capabilities that the host's part uses, by their numbers in linux/capability.h.
enum Capability: Int, CaseIterable {
    case networkAdministration = 12
    case systemAdministration = 21
    case bpf = 39

    var name: String {
        switch self {
        case .networkAdministration: "CAP_NET_ADMIN"
        case .systemAdministration: "CAP_SYS_ADMIN"
        case .bpf: "CAP_BPF"
        }
    }
}
