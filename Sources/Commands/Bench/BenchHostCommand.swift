// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Benchmarks
import Documents
import LinuxSystem
import TelemetryFormats
import TerminalKit
import Workload

struct BenchHostCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "host",
        abstract: "Measure what the eBPF programs cost a packet and an application, and check every byte of replies.",
        discussion: """
            First, nanoseconds per packet as the kernel accounts them, including about 58 ns of that accounting: with \
            BPF_PROG_TEST_RUN, and with --live or --interface for frames that arrive at a driver. Programs that do nothing, \
            and programs that only strip and make room, alternate with the real ones as a baseline.

            Second, requests per second and round trips of an echo server, in namespaces of its own: nothing attached, \
            empty programs, attached but idle, one request in a hundred with telemetry, every request with telemetry.

            Third, every byte of the replies is compared with what was sent. Needs root.

            Examples:
              p4netintel bench host --rounds 0 --corruption-replies 0
              p4netintel bench host --live --hops 3,9 --level 2,3 --json

            Exit codes: 0 done; 1 failed, or a byte was wrong; 64 wrong usage; 130 stopped by Ctrl-C.
            """)

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Hop records in the frames, 0 to 20; 0, no telemetry, is not possible with --live and --interface.",
            valueName: "numbers"))
    var hops = [NumberList([3, 9, 18])]

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Levels of the records, \(ReferenceFormat.levelsText).", valueName: "numbers"))
    var level = [NumberList([2, 3])]

    @Option(help: "Packets of each case, 1000 to 10000000.")
    var count = 20_000

    @Flag(help: "Also measure the programs at a driver, on a veth pair of their own.")
    var live = false

    @Option(
        help: ArgumentHelp(
            "Also measure the programs on this interface, to which `p4netintel blast` on another machine sends; with one "
                + "number for --hops and one for --level.", valueName: "name"))
    var interface: String?

    @Option(help: "Frames per second with --live, at most what an echo server answers.")
    var rate = 10_000.0

    @Option(help: "Rounds of the application part, 0 to 1000; 0 skips it.")
    var rounds = 7

    @Option(help: "Outstanding requests of the application, 1 to 1000.")
    var outstanding = 8

    @Option(help: "Replies to check for wrong bytes; 0 skips the check.")
    var corruptionReplies = 1_000_000

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        let fewest = live || interface != nil ? 1 : 0
        guard !records.isEmpty, records.allSatisfy((fewest...Shim.maximumCount).contains) else {
            throw ValidationError(
                "--hops must be numbers from \(fewest) to \(Shim.maximumCount), got \(records.map(String.init).joined(separator: ","))"
            )
        }
        guard levels.count == level.flatMap(\.numbers).count, !levels.isEmpty else {
            throw ValidationError(
                "--level must be numbers from \(ReferenceFormat.levelsText), got "
                    + level.flatMap(\.numbers).map(String.init).joined(separator: ","))
        }
        try ValidationError.unless("--count", count, isIn: 1000...10_000_000)
        try ValidationError.unless("--rate", rate, isAboveZeroUpTo: 1e7)
        try ValidationError.unless("--rounds", rounds, isIn: 0...1000)
        try ValidationError.unless("--outstanding", outstanding, isIn: 1...1000)
        try ValidationError.unless("--corruption-replies", corruptionReplies, isIn: 0...1_000_000_000)
        guard interface == nil || (records.count == 1 && levels.count == 1) else {
            throw ValidationError(
                "--interface takes one number for --hops and one for --level, got \(records.count) and \(levels.count)")
        }
    }

    private var records: [Int] { hops.flatMap(\.numbers) }

    /// Those whose records say what follows them.
    private var levels: [Level] {
        level.flatMap(\.numbers).filter(ReferenceFormat.levels.contains).compactMap { Level(rawValue: UInt8($0)) }
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
        var suite = HostBenchSuite()
        suite.levels = levels
        suite.records = records
        suite.count = count
        suite.live = interface.map(HostBenchSuite.Live.interface) ?? (live ? .ownCable(rate: rate) : nil)
        suite.rounds = rounds
        suite.outstanding = outstanding
        suite.corruptionReplies = corruptionReplies
        var progress = ProgressLine()
        return try suite.run(stop: stop, note: { Terminal.say($0) }) { text in
            if let text { progress.show(text) } else { progress.finish() }
        }
    }
}

/// Numbers as one argument with commas: `3,9,18`.
struct NumberList: ExpressibleByArgument {
    let numbers: [Int]

    init(_ numbers: [Int]) { self.numbers = numbers }

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        guard !parts.isEmpty, !parts.contains(nil) else { return nil }
        numbers = parts.compactMap(\.self)
    }

    var defaultValueDescription: String { numbers.map(String.init).joined(separator: ",") }
}
