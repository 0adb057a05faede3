// SPDX-License-Identifier: Apache-2.0

internal import CLibbpf

/// Whether the kernel takes programs that watch what it does. Each probe loads a program that only returns, and lets
/// go of it; nothing is attached.
public enum TracingProbe: Sendable, Hashable {
    /// A BTF tracepoint (`tp_btf`) of this name.
    case tracepoint(String)
    /// Entry of a kernel function (`fentry`).
    case functionEntry(String)

    private var name: String {
        switch self {
        case .tracepoint(let name), .functionEntry(let name): name
        }
    }

    private var hook: bpf_attach_type {
        switch self {
        case .tracepoint: BPF_TRACE_RAW_TP
        case .functionEntry: BPF_TRACE_FENTRY
        }
    }

    /// Throws the kernel's refusal; ENOENT or ESRCH when it has no such tracepoint or function.
    public func load() throws(BPFError) {
        let name = name
        let hook = hook
        let target = try Libbpf.run("find", on: name) { unsafe libbpf_find_vmlinux_btf_id(name, hook) }
        var options = unsafe bpf_prog_load_opts()
        unsafe options.sz = OptionsSize.through(\bpf_prog_load_opts.attach_btf_id)
        unsafe options.attempts = 1
        unsafe options.expected_attach_type = hook
        unsafe options.attach_btf_id = UInt32(target)
        // r0 = 0; exit
        let instructions: [UInt64] = [0xb7, 0x95]
        let program = try Libbpf.run("load program for", on: name) {
            unsafe instructions.withUnsafeBytes { bytes in
                unsafe bpf_prog_load(
                    BPF_PROG_TYPE_TRACING, "p4ni_probe", "GPL",
                    bytes.baseAddress?.assumingMemoryBound(to: bpf_insn.self), instructions.count, &options)
            }
        }
        _ = KernelHandle(owning: program)
    }
}
