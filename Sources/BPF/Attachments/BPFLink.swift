// SPDX-License-Identifier: Apache-2.0

internal import CLibbpf
internal import Glibc

/// Where an XDP program runs.
public enum XDPMode: Sendable, Hashable {
    /// In the driver, before the kernel has made anything of the frame.
    case native
    /// In the network stack, for any interface.
    case generic

    var flags: UInt32 { self == .native ? 1 << 2 : 1 << 1 }
}

/// A program attached to a hook. It stays attached while this value or a pin holds the link.
public struct BPFLink: ~Copyable, Sendable {
    public let name: String
    private let handle: KernelHandle

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

    private static func attach(
        _ program: borrowing BPFProgram, to interfaceIndex: UInt32, at hook: bpf_attach_type, flags: UInt32
    ) throws(BPFError) -> BPFLink {
        var options = unsafe bpf_link_create_opts()
        unsafe options.sz = OptionsSize.through(\bpf_link_create_opts.flags)
        unsafe options.flags = flags
        let number = program.handle.number
        let link = try Libbpf.run("attach program", on: program.name) {
            unsafe bpf_link_create(number, Int32(bitPattern: interfaceIndex), hook, &options)
        }
        return BPFLink(name: program.name, handle: KernelHandle(owning: link))
    }

    public func pin(at path: String) throws(BPFError) { try handle.pin(at: path) }

    /// Takes the program from its hook now, whoever else holds the link.
    public func detach() throws(BPFError) {
        let number = handle.number
        try Libbpf.run("detach", on: name) { bpf_link_detach(number) }
    }

    public func information() throws(BPFError) -> LinkInformation {
        var information = bpf_link_info()
        try handle.information(into: &information, of: name)
        // The interface is the first word of the part that differs by type, for XDP and TCX alike.
        return LinkInformation(
            id: information.id, programID: information.prog_id, interfaceIndex: information.xdp.ifindex)
    }
}

/// What the kernel tells of a link.
public struct LinkInformation: Sendable, Hashable {
    public let id: UInt32
    public let programID: UInt32
    /// 0 when the interface, or the link's hold on it, is gone.
    public let interfaceIndex: UInt32
}
