// SPDX-License-Identifier: Apache-2.0

internal import CLibbpf

/// A loaded program. It stays in the kernel while something holds it: this value, a pin or an attachment.
public struct BPFProgram: ~Copyable, Sendable {
    /// Name for errors: the program's in its object, its pin or its number.
    public let name: String
    /// Number of the hook that the program was made for, as in `enum bpf_attach_type`; 0 where its type says
    /// enough, and for programs that were not loaded from an object: the kernel does not report it for these.
    let attachType: UInt32
    let handle: KernelHandle

    init(name: String, attachType: UInt32, handle: consuming KernelHandle) {
        self.name = name
        self.attachType = attachType
        self.handle = handle
    }

    /// The program the kernel knows by this number.
    public init(id: UInt32) throws(BPFError) {
        name = "program \(id)"
        attachType = 0
        handle = KernelHandle(owning: try Libbpf.run("open", on: "program \(id)") { bpf_prog_get_fd_by_id(id) })
    }

    /// Opens a pinned program.
    public init(pinnedAt path: String) throws(BPFError) {
        name = path
        attachType = 0
        handle = try KernelHandle(pinnedAt: path)
    }

    /// A second hold on the same program.
    public func copy() throws(BPFError) -> BPFProgram {
        BPFProgram(name: name, attachType: attachType, handle: try KernelHandle(copying: handle.number, of: name))
    }

    /// Pins the program: it stays in the kernel until the pin is removed.
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
    /// Runs.
    public let count: UInt64
    /// Time of all runs together.
    public let nanoseconds: UInt64

    /// Runs and the time that they took.
    public init(count: UInt64, nanoseconds: UInt64) {
        self.count = count
        self.nanoseconds = nanoseconds
    }

    /// Nanoseconds per run since `earlier`; nil if there was no run.
    public func perRun(since earlier: ProgramRunTime) -> Double? {
        guard count > earlier.count else { return nil }
        return Double(nanoseconds - earlier.nanoseconds) / Double(count - earlier.count)
    }
}

/// The kernel's accounting of programs' run time, on while this value lives. It costs each run about 58 ns.
public struct RunTimeAccounting: ~Copyable {
    private let handle: KernelHandle

    /// Turns the accounting on.
    /// - Throws: without CAP_SYS_ADMIN.
    public init() throws(BPFError) {
        handle = KernelHandle(
            owning: try Libbpf.run("turn on", on: "run time accounting") { bpf_enable_stats(BPF_STATS_RUN_TIME) })
    }
}
