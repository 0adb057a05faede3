// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Collector
import LinuxSystem
import Scenarios
import TelemetryFormats
import TerminalKit

struct MonitorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "monitor",
        abstract: "Show journeys as their telemetry arrives.",
        discussion: """
            Captures at the collector's interface (or reads a pcap file), decodes the telemetry of every level and prints a \
            line for each journey. On a terminal at most 20 a second are printed; the others are counted and, with --csv, \
            written all the same. Runs until Ctrl-C, then prints a summary.
            """)

    @Option(help: ArgumentHelp("Capture on this interface.", valueName: "name"))
    var interface: String?

    @Option(
        help: ArgumentHelp(
            "Take what the programs of 'host attach --role client' report on this interface instead. With --sink switch "
                + "there, replies that a switch has stripped bring no journey: the requests that left are counted.",
            valueName: "name"
        ))
    var client: String?

    @Option(help: ArgumentHelp("Read this pcap file instead.", valueName: "file"))
    var pcap: String?

    @Option(help: ArgumentHelp("Write a row for each journey to this file.", valueName: "file"))
    var csv: String?

    @Option(help: ArgumentHelp("Keep every captured frame in this pcap file.", valueName: "file"))
    var writePcap: String?

    @Option(
        help: ArgumentHelp(
            "Level (\(ReferenceFormat.levelsText)) of frames in the reference's form, which do not tell it.",
            valueName: "level"))
    var level: UInt8?

    @Flag(help: "Print each journey as a JSON object on a line of its own, and a summary object at the end.")
    var json = false

    func validate() throws {
        guard [interface, pcap, client].count(where: { $0 != nil }) == 1 else {
            throw ValidationError("give one of --interface, --client and --pcap")
        }
        guard level == nil || referenceLevel != nil else {
            throw ValidationError("--level is from \(ReferenceFormat.levelsText)")
        }
    }

    private var referenceLevel: Level? { level.flatMap(ReferenceFormat.level) }

    func run() throws {
        let interruption = try SignalDescriptor([.interrupt, .terminate])
        var pipeline = JourneyPipeline(
            decoder: TelemetryDecoder(referenceLevel: referenceLevel), sinks: try sinks(),
            onFailure: { Terminal.say("\($0); the capture goes on") })
        try feed(&pipeline, until: interruption.number)
    }

    /// One line per sink.
    private func sinks() throws -> [any JourneySink] {
        var sinks: [any JourneySink] = []
        if let writePcap { sinks.append(try PcapSink(path: writePcap)) }
        if let csv { sinks.append(try CSVSink(path: csv)) }
        sinks.append(json ? JSONLinesSink(print: Terminal.print) : textSink)
        return sinks
    }

    private var textSink: TextSink {
        TextSink(
            style: Terminal.style, linesPerSecond: StandardStream(1).isTerminal ? 20 : nil, print: Terminal.print)
    }

    /// One case per source.
    private func feed(_ pipeline: inout JourneyPipeline, until stop: Int32) throws {
        if let client {
            var reports = try RequestReportSource(interface: client)
            Terminal.say("journeys that end at \(client); Ctrl-C ends it")
            defer { noteSwitchSink(reports.requestsWithSwitchSink) }
            try pipeline.run(&reports, until: stop)
        } else if let pcap {
            var file = PcapSource(path: pcap)
            try pipeline.run(&file, until: stop)
        } else if let interface {
            var capture = try TelemetryCapture(interface: interface)
            Terminal.say("capturing on \(interface); Ctrl-C ends it")
            try pipeline.run(&capture, until: stop)
        }
    }

    private func noteSwitchSink(_ requests: Int) {
        guard requests > 0 else { return }
        Terminal.say(
            "\(requests) requests have left with --sink switch; journeys of which a switch has taken the telemetry "
                + "are shown by 'monitor --interface' at the collector behind it")
    }
}
