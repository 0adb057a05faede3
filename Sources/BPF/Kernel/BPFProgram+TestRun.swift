// SPDX-License-Identifier: Apache-2.0

internal import CLibbpf

/// The result of a program's run on one frame (BPF_PROG_TEST_RUN).
public struct TestRun: Sendable, Hashable {
    /// The program's return value: XDP_PASS is 2, TC's "go on" is -1.
    public let verdict: Int32
    /// The frame afterwards.
    public let frame: [UInt8]
    /// The kernel's mean time of a run.
    public let nanoseconds: UInt32
}

/// Properties of a test run's packet at a TC hook.
public struct PacketContext: Sendable, Hashable {
    /// Index of the interface that the packet came by.
    public var interfaceIndex: UInt32 = 0
    /// Bytes of a segment; 0: the packet is not a super-packet.
    public var segmentSize: UInt32 = 0
    /// Segments of the packet; 0: the packet is not a super-packet.
    public var segments: UInt32 = 0

    /// A packet of no interface, in one segment.
    public init() {}

    var bytes: __sk_buff {
        var buffer = unsafe __sk_buff()
        unsafe buffer.ifindex = interfaceIndex
        unsafe buffer.gso_size = segmentSize
        unsafe buffer.gso_segs = segments
        return unsafe buffer
    }
}

extension BPFProgram {
    /// Room for a frame that grows.
    private static let outputRoom = 16384

    /// Runs the program on a frame, without an interface.
    /// - Parameter packet: only for programs of TC.
    public func testRun(_ frame: [UInt8], repeating count: Int32 = 1, packet: PacketContext? = nil) throws(BPFError)
        -> TestRun
    {
        var output = [UInt8](repeating: 0, count: Self.outputRoom)
        var options = unsafe bpf_test_run_opts()
        unsafe options.sz = OptionsSize.through(\bpf_test_run_opts.cpu)
        unsafe options.`repeat` = count
        let number = handle.number
        try Libbpf.run("test run", on: name) {
            unsafe frame.withUnsafeBytes { frame in
                unsafe output.withUnsafeMutableBytes { output in
                    unsafe options.data_in = frame.baseAddress
                    unsafe options.data_size_in = UInt32(frame.count)
                    unsafe options.data_out = output.baseAddress
                    unsafe options.data_size_out = UInt32(output.count)
                    return unsafe Self.run(number, options: &options, packet: packet)
                }
            }
        }
        return unsafe TestRun(
            verdict: Int32(bitPattern: options.retval), frame: Array(output.prefix(Int(options.data_size_out))),
            nanoseconds: options.duration)
    }

    private static func run(_ number: Int32, options: inout bpf_test_run_opts, packet: PacketContext?) -> Int32 {
        guard let packet else { return unsafe bpf_prog_test_run_opts(number, &options) }
        var context = unsafe packet.bytes
        return unsafe withUnsafePointer(to: &context) {
            unsafe options.ctx_in = UnsafeRawPointer($0)
            unsafe options.ctx_size_in = UInt32(MemoryLayout<__sk_buff>.size)
            return unsafe bpf_prog_test_run_opts(number, &options)
        }
    }
}

extension BPFProgram {
    /// Runs an XDP program on `count` copies of a frame whose verdicts are carried out: frames that it redirects leave
    /// by the interface. The interface is looked for in the network namespace of the calling thread (Linux 5.18).
    ///
    /// Copies are recycled: what the program wrote in a frame may be there the next time it sees one.
    public func runLive(_ frame: [UInt8], count: Int32, batch: UInt32 = 64) throws(BPFError) {
        var options = unsafe bpf_test_run_opts()
        unsafe options.sz = OptionsSize.through(\bpf_test_run_opts.batch_size)
        unsafe options.`repeat` = count
        // BPF_F_TEST_XDP_LIVE_FRAMES.
        unsafe options.flags = 1 << 1
        unsafe options.batch_size = batch
        let number = handle.number
        try Libbpf.run("run with live frames", on: name) {
            unsafe frame.withUnsafeBytes { frame in
                unsafe options.data_in = frame.baseAddress
                unsafe options.data_size_in = UInt32(frame.count)
                return unsafe bpf_prog_test_run_opts(number, &options)
            }
        }
    }
}
