// SPDX-License-Identifier: Apache-2.0

internal import CLibbpf

/// A loaded program. It stays in the kernel while something holds it: this value, a pin or an attachment.
public struct BPFProgram: ~Copyable, Sendable {
    public let name: String
    let handle: KernelHandle

    init(name: String, handle: consuming KernelHandle) {
        self.name = name
        self.handle = handle
    }

    /// The program the kernel knows by this number.
    public init(id: UInt32) throws(BPFError) {
        name = "program \(id)"
        handle = KernelHandle(owning: try Libbpf.run("open", on: "program \(id)") { bpf_prog_get_fd_by_id(id) })
    }

    public init(pinnedAt path: String) throws(BPFError) {
        name = path
        handle = try KernelHandle(pinnedAt: path)
    }

    public func pin(at path: String) throws(BPFError) { try handle.pin(at: path) }

    /// The number by which tools such as bpftool name it.
    public func id() throws(BPFError) -> UInt32 { try information().id }

    /// How often it has run and for how long, as the kernel counts while `RunTimeAccounting` is on.
    public func runTime() throws(BPFError) -> ProgramRunTime {
        let information = try information()
        return ProgramRunTime(count: information.run_cnt, nanoseconds: information.run_time_ns)
    }

    private func information() throws(BPFError) -> bpf_prog_info {
        var information = bpf_prog_info()
        try handle.information(into: &information, of: name)
        return information
    }
}

/// A program's runs so far.
public struct ProgramRunTime: Sendable, Hashable {
    public let count: UInt64
    public let nanoseconds: UInt64

    /// Nanoseconds a run since `earlier`; nil if there was none.
    public func perRun(since earlier: ProgramRunTime) -> Double? {
        guard count > earlier.count else { return nil }
        return Double(nanoseconds - earlier.nanoseconds) / Double(count - earlier.count)
    }
}

/// The kernel's accounting of programs' run time, on while this value lives. It costs each run about 58 ns.
public struct RunTimeAccounting: ~Copyable {
    private let handle: KernelHandle

    public init() throws(BPFError) {
        handle = KernelHandle(
            owning: try Libbpf.run("turn on", on: "run time accounting") { bpf_enable_stats(BPF_STATS_RUN_TIME) })
    }
}
