// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Benchmarks
import Documents
import LinuxSystem
import TelemetryFormats
import TerminalKit
import Workload

struct BenchHost: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "host",
        abstract: "What the server's eBPF programs cost a packet and an application, and whether a byte is ever wrong.",
        discussion: """
            Nanoseconds a packet are the kernel's own accounting, which is some 58 ns of every figure: by BPF_PROG_TEST_RUN, \
            and with --live or --interface of frames that arrive at a driver. Programs that do nothing, or only strip and \
            make room, run in turns with the real ones, so that all meet the same machine.

            Then an echo server's requests a second and round trips, in namespaces of its own: with nothing attached, with \
            empty programs, attached but idle, one request in a hundred with telemetry, and every request. Last, replies \
            of which every byte is known are checked.
            """)

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Hop records in the frames, to 20; 0: no telemetry, not live.", valueName: "numbers"))
    var hops = [NumberList([3, 9, 18])]

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Levels of the records, 1 to 4.", valueName: "numbers"))
    var level = [NumberList([2, 3])]

    @Option(help: "Packets of each case.")
    var count = 20_000

    @Flag(help: "Also measure the programs on a driver, over a cable of its own (veth).")
    var live = false

    @Option(
        help: ArgumentHelp(
            "Also measure the programs on this interface, at which `p4netintel blast` of another machine sends; with one "
                + "number of --hops and one --level.", valueName: "name"))
    var interface: String?

    @Option(help: "Frames a second with --live: no more than an echo server answers.")
    var rate = 10_000.0

    @Option(help: "Rounds of the application part; 0 leaves it out.")
    var rounds = 7

    @Option(help: "Requests of the application that are on their way at once.")
    var outstanding = 8

    @Option(help: "Replies to check for wrong bytes; 0: none.")
    var corruptionReplies = 1_000_000

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        let fewest = live || interface != nil ? 1 : 0
        guard !records.isEmpty, records.allSatisfy((fewest...20).contains) else {
            throw ValidationError("--hops are from 1 to 20, without --live and --interface also 0")
        }
        guard levels.count == level.flatMap(\.numbers).count, !levels.isEmpty else {
            throw ValidationError("--level is from 1 to 4")
        }
        guard (1000...10_000_000).contains(count) else { throw ValidationError("--count is from 1000 to 10000000") }
        guard rate > 0, rate <= 10_000_000 else { throw ValidationError("--rate is from above 0 to 10000000") }
        guard (0...1000).contains(rounds) else { throw ValidationError("--rounds is from 0 to 1000") }
        guard (1...1000).contains(outstanding) else { throw ValidationError("--outstanding is from 1 to 1000") }
        guard (0...1_000_000_000).contains(corruptionReplies) else {
            throw ValidationError("--corruption-replies is from 0 to 1000000000")
        }
        guard interface == nil || (records.count == 1 && levels.count == 1) else {
            throw ValidationError(
                "--interface takes one number of --hops and one --level, as the frames that arrive have")
        }
    }

    private var records: [Int] { hops.flatMap(\.numbers) }

    /// Those whose records say what follows them.
    private var levels: [Level] {
        level.flatMap(\.numbers).filter((1...4).contains).compactMap { Level(rawValue: UInt8($0)) }
    }

    func run() throws {
        let interruption = try SignalDescriptor([.interrupt, .terminate])
        do {
            let report = try measure(interruption.number)
            Terminal.print(json ? try JSONText.line(report) : report.text)
            if report.corrupt ?? 0 > 0 { throw ExitCode.failure }
        } catch let error as BenchmarkError where error.code == .interrupted {
            Terminal.say("interrupted")
            throw ExitCode.interrupted
        }
    }

    private func measure(_ stop: Int32) throws -> HostBenchReport {
        var report = HostBenchReport()
        report.programs = try measurePrograms(stop)
        if rounds > 0 {
            Terminal.say("requests a second of an echo server, \(outstanding) on their way at once")
            var progress = ProgressLine()
            var bench = ApplicationBench()
            bench.rounds = rounds
            bench.outstanding = outstanding
            report.application = try bench.run(stop: stop) { progress.show($0) }
            report.requests = try bench.runRequestCosts(stop: stop)
            progress.finish()
        }
        if corruptionReplies > 0 {
            let checked = try TransportProtocol.allCases.map { try checkBytes(over: $0, stop) }
            report.checked = checked
        }
        return report
    }

    private func checkBytes(over transport: TransportProtocol, _ stop: Int32) throws -> HostBenchReport.Checked {
        var check = CorruptionCheck()
        check.replies = corruptionReplies
        check.transport = transport
        Terminal.say(
            "checking every byte of \(check.replies) replies over \(transport.rawValue.uppercased()) with \(check.records) "
                + "records, \(check.outstanding) requests on their way at once")
        return HostBenchReport.Checked(transport: transport, outcome: try check.run(stop: stop))
    }

    private func measurePrograms(_ stop: Int32) throws -> [HostBench.Row] {
        var bench = HostBench()
        bench.levels = levels
        bench.records = records
        bench.count = count
        Terminal.say("nanoseconds a packet, by BPF_PROG_TEST_RUN")
        var rows = try bench.run { Readiness.isReadable(stop) }
        if Readiness.isReadable(stop) { throw BenchmarkError.interrupted }
        guard live || interface != nil else { return rows }
        Terminal.say("nanoseconds a packet, live on \(interface ?? "a cable of its own")")
        for level in levels {
            for records in records {
                var bench = LiveProgramBench()
                bench.level = level
                bench.records = records
                bench.rate = rate
                bench.count = count
                rows += try interface.map { try bench.run(on: $0, stop: stop) } ?? bench.runOnOwnCable(stop: stop)
            }
        }
        return rows
    }
}
