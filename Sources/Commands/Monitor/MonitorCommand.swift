// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Collector
import LinuxSystem
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
        let options = MonitorOptions(
            format: json ? .json : .text, style: Terminal.style,
            linesPerSecond: !json && StandardStream(1).isTerminal ? 20 : nil,
            decoder: TelemetryDecoder(referenceLevel: referenceLevel),
            csvPath: csv, pcapPath: writePcap)
        var monitor = try Monitor(options: options) { Terminal.print($0) }
        if let client {
            var reports = try ClientMonitor(interface: client)
            Terminal.say("journeys that end at \(client); Ctrl-C ends it")
            try reports.run(&monitor, until: interruption.number)
        } else if let pcap {
            try monitor.run(readingPcap: pcap)
        } else if let interface {
            var capture = try TelemetryCapture(interface: interface)
            Terminal.say("capturing on \(interface); Ctrl-C ends it")
            try monitor.run(on: &capture, until: interruption.number)
        }
    }
}
