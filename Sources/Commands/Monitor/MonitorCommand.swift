// SPDX-License-Identifier: Apache-2.0

import Addresses
import ArgumentParser
import Collector
import Journeys
import LinuxSystem
import Scenarios
import TelemetryFormats
import TerminalKit

struct MonitorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "monitor",
        abstract: "Collect telemetry and show a journey per request, live or from a pcap file.",
        discussion: """
            Captures at the collector's interface (or reads a pcap file), decodes telemetry of every level and prints one \
            line per journey. A terminal gets at most 20 lines per second; the rest are counted, and --csv has them all. \
            Runs until Ctrl-C, then prints a summary. Needs root, except for --pcap.

            The filters choose the journeys that are printed and written by --csv: every kind of filter that is given must \
            hold. The summary counts all journeys.

            Examples:
              p4netintel monitor --interface eth0 --csv journeys.csv
              p4netintel monitor --interface eth0 --table
              p4netintel monitor --client eth0 --json
              p4netintel monitor --interface eth0 --port 80 --slower-than 2ms --top 5
              p4netintel monitor --pcap telemetry.pcap
              p4netintel monitor --interface eth0 --host-reports 10.0.3.2:9555
              p4netintel monitor --interface eth0 --expect switch=1-3 --expect host=7 --unexpected

            Exit codes: 0 done, also after Ctrl-C; 1 the input or an output file cannot be used; 64 wrong usage.
            """)

    @Option(help: ArgumentHelp("Capture on this interface.", valueName: "name"))
    var interface: String?

    @Option(
        help: ArgumentHelp(
            "Read the reports of 'host attach --role client' on this interface instead. With --sink switch there, the "
                + "replies bring no telemetry: only the requests are counted.",
            valueName: "name"
        ))
    var client: String?

    @Option(help: ArgumentHelp("Read this file instead, pcap or pcapng.", valueName: "file"))
    var pcap: String?

    @Option(help: ArgumentHelp("Write a CSV file with one row per journey.", valueName: "file"))
    var csv: String?

    @Flag(help: "Give the CSV file columns for the values of each hop, up to 20, instead of one with the parts.")
    var wide = false

    @Option(help: ArgumentHelp("Write every captured frame to this pcap file.", valueName: "file"))
    var writePcap: String?

    @Option(
        help: ArgumentHelp(
            "Level (\(ReferenceFormat.levelsText)) of frames in the reference format, which do not contain it.",
            valueName: "level"))
    var level: UInt8?

    @OptionGroup(title: "Filters") var filters: FilterOptions

    @Option(
        help: ArgumentHelp(
            "Receive the reports of 'host report' here, by UDP, and show what each request asked for.",
            valueName: "[address:]port"), transform: Self.reportEndpoint)
    var hostReports: Endpoint?

    @Option(
        help: ArgumentHelp(
            "Mark journeys with reports of other switches, or hosts, than these, such as switch=1-9,20 or host=7; may be "
                + "repeated. Without it, any are expected.",
            valueName: "kind=ids"))
    var expect: [ExpectedIDs] = []

    @Option(
        help: ArgumentHelp(
            "With --host-reports: how long a journey over TCP waits until its reply is complete, 0 to 60000 ms.",
            valueName: "ms"))
    var replyPatience: UInt64 = 1000

    @Flag(
        help: ArgumentHelp(
            "Never count a reply as lost because no journey of it came: for sinks that report only changes, or where other "
                + "collectors get some journeys of the same clients."))
    var noLostReplies = false

    @Flag(help: "Print one JSON object per line: each journey, then the summary.")
    var json = false

    @Flag(
        help: ArgumentHelp(
            "Show one table on the terminal that is drawn again every second: counts, parts, and the slowest journeys of the "
                + "second (--top, 5 by default)."))
    var table = false

    func validate() throws {
        guard [interface, pcap, client].count(where: { $0 != nil }) == 1 else {
            let given = [("--interface", interface), ("--client", client), ("--pcap", pcap)].filter { $0.1 != nil }.map(
                \.0)
            throw ValidationError(
                "the input must be exactly one of --interface, --client and --pcap, got "
                    + (given.isEmpty ? "none" : given.joined(separator: " and ")))
        }
        guard !table || !json else { throw ValidationError("only one of --table and --json is allowed, got both") }
        guard !table || StandardStream(1).isTerminal else {
            throw ValidationError("--table must be used on a terminal, got a file or a pipe")
        }
        guard !wide || csv != nil else { throw ValidationError("--wide must be given with --csv, got no --csv") }
        guard !filters.unexpected || !expect.isEmpty else {
            throw ValidationError("--unexpected must be given with --expect, got no --expect")
        }
        try ValidationError.unless("--reply-patience", Int(clamping: replyPatience), isIn: 0...60_000, " ms")
        guard level == nil || referenceLevel != nil else {
            throw ValidationError("--level must be \(ReferenceFormat.levelsText), got \(level ?? 0)")
        }
    }

    private static func reportEndpoint(_ text: String) throws -> Endpoint {
        guard let endpoint = Endpoint(text) ?? Endpoint("0.0.0.0:\(text)") else {
            throw ValidationError("--host-reports must be [ADDRESS:]PORT such as 10.0.3.2:9555, got '\(text)'")
        }
        return endpoint
    }

    private var referenceLevel: Level? { level.flatMap(ReferenceFormat.level) }

    func run() throws {
        let interruption = try SignalDescriptor([.interrupt, .terminate])
        var pipeline = JourneyPipeline(
            decoder: TelemetryDecoder(referenceLevel: referenceLevel), sinks: try sinks(),
            hostReports: try hostReports.map {
                try HostReportReceiver(at: $0, decoder: TelemetryDecoder(referenceLevel: referenceLevel))
            },
            replyPatience: replyPatience * 1_000_000, findsLostReplies: !noLostReplies,
            expected: ExpectedNodes(expect),
            onFailure: { Terminal.say("\($0); the capture continues") })
        try feed(&pipeline, until: interruption.number)
    }

    /// One line per sink.
    private func sinks() throws -> [any JourneySink] {
        var sinks: [any JourneySink] = []
        if let writePcap { sinks.append(try PcapSink(path: writePcap)) }
        if let csv { sinks.append(filters.filter(try CSVSink(path: csv, isWide: wide))) }
        sinks.append(table ? filters.filter(tableSink, top: 5) : filters.filter(json ? jsonSink : textSink))
        return sinks
    }

    private var jsonSink: JSONLinesSink { JSONLinesSink(print: Terminal.print) }

    private var tableSink: TableSink {
        var screen = TerminalTable()
        return TableSink(draw: { screen.draw($0) }, print: Terminal.print)
    }

    private var textSink: TextSink {
        TextSink(
            style: Terminal.style, linesPerSecond: StandardStream(1).isTerminal ? 20 : nil, print: Terminal.print)
    }

    /// One case per source.
    private func feed(_ pipeline: inout JourneyPipeline, until stop: Int32) throws {
        if let client {
            var reports = try RequestReportSource(interface: client)
            Terminal.say("showing the journeys of requests that leave \(client); press Ctrl-C to stop")
            defer { noteSwitchSink(reports.requestsWithSwitchSink) }
            try pipeline.run(&reports, until: stop)
        } else if let pcap {
            var file = PcapSource(path: pcap)
            try pipeline.run(&file, until: stop)
        } else if let interface {
            var capture = try TelemetryCapture(interface: interface)
            Terminal.say("capturing on \(interface); press Ctrl-C to stop")
            try pipeline.run(&capture, until: stop)
        }
    }

    private func noteSwitchSink(_ requests: Int) {
        guard requests > 0 else { return }
        Terminal.say(
            "\(requests) requests have left with --sink switch; 'monitor --interface' at the collector of that switch "
                + "shows their journeys")
    }
}
