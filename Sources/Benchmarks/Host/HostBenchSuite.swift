// SPDX-License-Identifier: Apache-2.0

internal import LinuxSystem
public import TelemetryFormats
internal import Workload

/// The three measurements of `bench host`, one after the other: programs, application, bytes.
public struct HostBenchSuite: Sendable {
    /// Where the programs run besides BPF_PROG_TEST_RUN.
    public enum Live: Sendable, Hashable {
        /// On a veth pair of their own, at this many frames per second.
        case ownCable(rate: Double)
        /// On an interface to which another machine sends.
        case interface(String)
    }

    /// Levels of the records.
    public var levels: [Level] = []
    /// Records in the frames.
    public var records: [Int] = []
    /// Packets of each case.
    public var count = 20_000
    /// nil: not at a driver.
    public var live: Live?
    /// Rounds of the application part; 0 leaves it out.
    public var rounds = 7
    /// Outstanding requests of the application.
    public var outstanding = 8
    /// Replies to check for wrong bytes; 0 leaves that out.
    public var corruptionReplies = 1_000_000

    /// A suite that measures no level yet.
    public init() {}

    /// - Parameters:
    ///   - stop: a descriptor that becomes readable when the run is to be given up.
    ///   - note: gets a line before each part.
    ///   - onProgress: gets what is under way; nil at its end.
    /// - Throws: `BenchmarkError` with the code `interrupted` when it was stopped.
    public func run(
        stop: Int32, note: (String) -> Void, onProgress: (String?) -> Void
    ) throws -> HostBenchReport {
        var report = HostBenchReport()
        report.programs = try measurePrograms(stop, note)
        if rounds > 0 {
            note("requests per second of an echo server, \(outstanding) outstanding")
            var bench = ApplicationBench()
            bench.rounds = rounds
            bench.outstanding = outstanding
            report.application = try bench.run(stop: stop) { onProgress($0) }
            report.requests = try bench.runRequestCosts(stop: stop)
            onProgress(nil)
        }
        if corruptionReplies > 0 {
            report.checked = try TransportProtocol.allCases.map { try checkBytes(over: $0, stop, note) }
        }
        return report
    }

    private func checkBytes(
        over transport: TransportProtocol, _ stop: Int32, _ note: (String) -> Void
    ) throws -> HostBenchReport.Checked {
        var check = CorruptionCheck()
        check.replies = corruptionReplies
        check.transport = transport
        note(
            "checking every byte of \(check.replies) replies over \(transport.rawValue.uppercased()) with \(check.records) "
                + "records, \(check.outstanding) requests outstanding")
        return HostBenchReport.Checked(transport: transport, outcome: try check.run(stop: stop))
    }

    private func measurePrograms(_ stop: Int32, _ note: (String) -> Void) throws -> [HostBench.Row] {
        var bench = HostBench()
        bench.levels = levels
        bench.records = records
        bench.count = count
        note("nanoseconds per packet, by BPF_PROG_TEST_RUN")
        let rows = try bench.run { Readiness.isReadable(stop) }
        if Readiness.isReadable(stop) { throw BenchmarkError.interrupted }
        return try rows + measureLive(stop, note)
    }

    private func measureLive(_ stop: Int32, _ note: (String) -> Void) throws -> [HostBench.Row] {
        guard let live else { return [] }
        var bench = LiveProgramBench()
        bench.count = count
        switch live {
        case .interface(let name): note("nanoseconds per packet, live on \(name)")
        case .ownCable(let rate):
            note("nanoseconds per packet, live on a veth pair")
            bench.rate = rate
        }
        var rows: [HostBench.Row] = []
        for level in levels {
            for records in records {
                (bench.level, bench.records) = (level, records)
                if case .interface(let name) = live {
                    rows += try bench.run(on: name, stop: stop)
                } else {
                    rows += try bench.runOnOwnCable(stop: stop)
                }
            }
        }
        return rows
    }
}
