// SPDX-License-Identifier: Apache-2.0

internal import CLibbpf
internal import Glibc

/// An XDP program that is on an interface.
public struct XDPHolder: Sendable, Hashable {
    /// The number by which `bpftool prog` lists the program.
    public var programID: UInt32
    /// As the kernel keeps it: at most 15 bytes. Empty where it may not be asked.
    public var name: String
    /// Whether the program runs in the driver or after it.
    public var mode: XDPMode

    /// A program on an interface's XDP hook.
    public init(programID: UInt32, name: String, mode: XDPMode) {
        self.programID = programID
        self.name = name
        self.mode = mode
    }
}

/// Questions about an interface's hooks; nothing is attached to find out.
public enum InterfaceProbe {
    /// Whether TC's hooks take several programs by link (TCX, Linux 6.6).
    public static func hasTCX(interfaceIndex: UInt32) throws(BPFError) -> Bool {
        var count: UInt32 = 0
        do {
            try Libbpf.run("ask for programs at TCX of", on: "interface \(interfaceIndex)") {
                // BPF_TCX_EGRESS, which headers older than the hook do not name.
                unsafe bpf_prog_query(
                    Int32(bitPattern: interfaceIndex), bpf_attach_type(rawValue: 47), 0, nil, nil, &count)
            }
            return true
        } catch  where error.errno == EINVAL {
            return false
        } catch  where error.errno == ENOENT {
            // Known, and empty.
            return true
        }
    }

    /// The program on an interface's XDP hook; nil if the hook is free.
    public static func xdpHolder(interfaceIndex: UInt32) throws(BPFError) -> XDPHolder? {
        var options = bpf_xdp_query_opts()
        options.sz = OptionsSize.through(\bpf_xdp_query_opts.attach_mode)
        try Libbpf.run("ask for the XDP program of", on: "interface \(interfaceIndex)") {
            unsafe bpf_xdp_query(Int32(bitPattern: interfaceIndex), 0, &options)
        }
        let native = options.drv_prog_id != 0 || options.hw_prog_id != 0
        let number = [options.prog_id, options.drv_prog_id, options.hw_prog_id, options.skb_prog_id].first { $0 != 0 }
        guard let number else { return nil }
        return XDPHolder(programID: number, name: (try? programName(number)) ?? "", mode: native ? .native : .generic)
    }

    private static func programName(_ number: UInt32) throws(BPFError) -> String {
        let program = try BPFProgram(id: number)
        var information = bpf_prog_info()
        try program.handle.information(into: &information, of: program.name)
        return unsafe withUnsafeBytes(of: &information.name) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
