// SPDX-License-Identifier: Apache-2.0

internal import CLibbpf
internal import Glibc

/// The place at which an XDP program runs.
public enum XDPMode: String, Sendable, Hashable {
    /// In the driver, before the kernel has made anything of the frame.
    case native
    /// In the network stack, for any interface.
    case generic

    var flags: UInt32 { self == .native ? 1 << 2 : 1 << 1 }
}

/// A program attached to a hook. It stays attached while this value or a pin holds the link.
public struct BPFLink: ~Copyable, Sendable {
    /// Name for errors: the hook's, or the pin.
    public let name: String
    private let handle: KernelHandle

    /// Opens a pinned link.
    public init(pinnedAt path: String) throws(BPFError) {
        name = path
        handle = try KernelHandle(pinnedAt: path)
    }

    private init(name: String, handle: consuming KernelHandle) {
        self.name = name
        self.handle = handle
    }

    /// Fails with EBUSY when another XDP program is there.
    public static func attachXDP(
        _ program: borrowing BPFProgram, to interfaceIndex: UInt32, mode: XDPMode
    ) throws(BPFError) -> BPFLink {
        try attach(program, to: interfaceIndex, at: BPF_XDP, flags: mode.flags)
    }

    /// Attaches to TC's egress as one of several (TCX, Linux 6.6). Fails with EINVAL where the kernel has no such hook.
    public static func attachEgress(
        _ program: borrowing BPFProgram, to interfaceIndex: UInt32
    ) throws(BPFError) -> BPFLink {
        // BPF_TCX_EGRESS, which headers older than the hook do not name.
        try attach(program, to: interfaceIndex, at: bpf_attach_type(rawValue: 47), flags: 0)
    }

    /// As `attachEgress`, for what comes in.
    public static func attachIngress(
        _ program: borrowing BPFProgram, to interfaceIndex: UInt32
    ) throws(BPFError) -> BPFLink {
        // BPF_TCX_INGRESS.
        try attach(program, to: interfaceIndex, at: bpf_attach_type(rawValue: 46), flags: 0)
    }

    /// Attaches to the BTF tracepoint that the program names itself. Its links cannot be updated.
    public static func attachTracing(_ program: borrowing BPFProgram) throws(BPFError) -> BPFLink {
        let number = program.handle.number
        // The way of every kernel that has such programs; BPF_LINK_CREATE takes them from 6.0 on.
        let link = try Libbpf.run("attach program", on: program.name) { bpf_raw_tracepoint_open(nil, number) }
        return BPFLink(name: program.name, handle: KernelHandle(owning: link))
    }

    /// Attaches a program loaded from an object to the cgroup at `path`, beside the programs that are there.
    public static func attachCgroup(_ program: borrowing BPFProgram, at path: String) throws(BPFError) -> BPFLink {
        let cgroup = KernelHandle(
            owning: try Libbpf.run("open cgroup", on: path) {
                unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            })
        let number = cgroup.number
        let hook = bpf_attach_type(rawValue: program.attachType)
        return try attach(program, to: UInt32(bitPattern: number), at: hook, flags: 0)
    }

    private static func attach(
        _ program: borrowing BPFProgram, to target: UInt32, at hook: bpf_attach_type, flags: UInt32
    ) throws(BPFError) -> BPFLink {
        var options = unsafe bpf_link_create_opts()
        unsafe options.sz = OptionsSize.through(\bpf_link_create_opts.flags)
        unsafe options.flags = flags
        let number = program.handle.number
        let link = try Libbpf.run("attach program", on: program.name) {
            unsafe bpf_link_create(number, Int32(bitPattern: target), hook, &options)
        }
        return BPFLink(name: program.name, handle: KernelHandle(owning: link))
    }

    /// Pins the link: the program stays attached until the pin is removed.
    public func pin(at path: String) throws(BPFError) { try handle.pin(at: path) }

    /// Puts another program of the same type in place: every packet meets the one or the other, none neither. Not for
    /// tracing.
    public func update(to program: borrowing BPFProgram) throws(BPFError) {
        let number = handle.number
        let next = program.handle.number
        try Libbpf.run("replace program of", on: name) { bpf_link_update(number, next, nil) }
    }

    /// Takes the program from its hook now, whoever else holds the link.
    public func detach() throws(BPFError) {
        let number = handle.number
        try Libbpf.run("detach", on: name) { bpf_link_detach(number) }
    }

    /// What the kernel reports about the link.
    public func information() throws(BPFError) -> LinkInformation {
        var information = bpf_link_info()
        try handle.information(into: &information, of: name)
        // The interface is the first word of the part that differs by type, for XDP and TCX alike.
        return LinkInformation(
            id: information.id, programID: information.prog_id, interfaceIndex: information.xdp.ifindex)
    }
}

/// What the kernel reports about a link.
public struct LinkInformation: Sendable, Hashable {
    /// The number by which `bpftool link` lists it.
    public let id: UInt32
    /// The number of the attached program.
    public let programID: UInt32
    /// 0 when the interface, or the link's hold on it, is gone. Without meaning for links that are on no interface.
    public let interfaceIndex: UInt32
}
