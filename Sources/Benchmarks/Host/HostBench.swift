// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import HostAgent
public import TelemetryFormats

/// What the two programs cost a packet, in the kernel's own accounting, without a network card.
///
/// Every round gives one request to the XDP program and its reply to the TC program by BPF_PROG_TEST_RUN, and the same
/// frames to programs that do nothing or only the unavoidable, so that all see the same machine. Of windows of some
/// hundred rounds the lower quartile is reported: other work on the machine only ever adds. The accounting itself is
/// some 58 ns of every figure; a frame that was just copied into fresh memory is colder than one from a driver.
public struct HostBench: Sendable {
    /// One program at one number of records, in nanoseconds per packet.
    public struct Row: Sendable, Hashable, Encodable {
        /// `xdp` or `tc`.
        public let program: String
        /// `test_run` or `live`.
        public let mode: String
        /// The level of the hop records.
        public let level: Int
        /// Hop records per frame.
        public let records: Int
        /// The program that is measured.
        public let nanoseconds: Double
        /// A program that does nothing.
        public let empty: Double
        /// Only stripping (XDP) or only making room (TC).
        public let floor: Double

        enum CodingKeys: String, CodingKey {
            case program, mode = "way", level, records
            case nanoseconds = "ns_per_packet"
            case empty = "empty_ns"
            case floor = "strip_only_ns"
        }

        init(
            program: String, mode: String, level: Level, records: Int, nanoseconds: Double, empty: Double, floor: Double
        ) {
            self.program = program
            self.mode = mode
            self.level = Int(level.rawValue)
            self.records = records
            self.nanoseconds = nanoseconds
            self.empty = empty
            self.floor = floor
        }
    }

    /// The levels of the hop records, one after the other.
    public var levels: [Level] = [.standard]
    /// 0: packets without telemetry; those that leave do so by a port that telemetry comes for, and nothing waits for
    /// them.
    public var records = [3, 9, 18]
    /// Rounds of each case.
    public var count = 20_000
    static let window = 400

    /// The defaults of `bench host`.
    public init() {}

    /// Needs root.
    /// - Parameter isStopped: asked before each case; what was measured until then is returned.
    public func run(isStopped: () -> Bool = { false }) throws -> [Row] {
        let accounting = try RunTimeAccounting()
        var rows: [Row] = []
        for level in levels {
            for records in records where !isStopped() { rows += try measure(level, records) }
        }
        _ = consume accounting
        return rows
    }

    private func measure(_ level: Level, _ records: Int) throws -> [Row] {
        let frames = BenchFrames(level: level, records: records)
        let programs = try HostPrograms(AttachOptions())
        let floor = try FloorPrograms(telemetry: frames.telemetry)
        let xdp = Stopwatches(), tc = Stopwatches()
        let saved = BenchFrames(level: level, records: 1)
        _ = try programs.strip.testRun(saved.request(0))
        _ = try programs.restore.testRun(saved.reply(0))
        for number in 0..<max(count, 2 * Self.window) {
            let request = frames.request(UInt32(truncatingIfNeeded: number))
            let reply = frames.reply(UInt32(truncatingIfNeeded: number))
            _ = try programs.strip.testRun(request)
            _ = try programs.restore.testRun(reply)
            _ = try floor.xdpEmpty.testRun(request)
            _ = try floor.tcEmpty.testRun(reply)
            _ = try floor.stripOnly.testRun(request)
            _ = try floor.roomOnly.testRun(reply)
            guard number % Self.window == 0 else { continue }
            try xdp.read(programs.strip, floor.xdpEmpty, floor.stripOnly)
            try tc.read(programs.restore, floor.tcEmpty, floor.roomOnly)
        }
        return [
            xdp.row("xdp", level, records),
            tc.row("tc", level, records),
        ]
    }
}

/// Run times of the program that is measured, the empty one and the floor, window by window.
private final class Stopwatches {
    private var last: [ProgramRunTime?] = [nil, nil, nil]
    private var windows: [[Double]] = [[], [], []]

    func read(
        _ measured: borrowing BPFProgram, _ empty: borrowing BPFProgram, _ floor: borrowing BPFProgram
    ) throws(BPFError) {
        add(0, try measured.runTime())
        add(1, try empty.runTime())
        add(2, try floor.runTime())
    }

    private func add(_ which: Int, _ time: ProgramRunTime) {
        if let earlier = last[which], let perRun = time.perRun(since: earlier) { windows[which].append(perRun) }
        last[which] = time
    }

    func row(_ program: String, _ level: Level, _ records: Int) -> HostBench.Row {
        let quartiles = windows.map { $0.sorted()[$0.count / 4] }
        return HostBench.Row(
            program: program, mode: "test_run", level: level, records: records, nanoseconds: quartiles[0],
            empty: quartiles[1], floor: quartiles[2])
    }
}
