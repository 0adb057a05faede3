// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import InstalledFiles
import Collector
import Documents
import LinuxSystem
import Scenarios
import TelemetryFormats
import TerminalKit
import Workload

struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Run a complete example on this machine and show where each request's time went.",
        discussion: """
            Starts a lab whose switches run p4/INT.p4, attaches the eBPF programs on h2, starts server and collector, and \
            sends requests from h1. Then prints percentiles of every part of the path and a waterfall of the slowest \
            request. Removes everything again, also after Ctrl-C. Needs root.

            Examples:
              p4netintel demo
              p4netintel demo --topology six-switch --level 3 --rate 1000
              p4netintel demo --protocol tcp --ipv6 --json

            Exit codes: 0 a request was traced completely; 1 none was, or something could not be started; 64 wrong usage; \
            130 stopped by Ctrl-C.
            """)

    @Option(help: ArgumentHelp("A topology file, or the name of one of those included.", valueName: "topology"))
    var topology = "three-switch"

    @Option(help: "Level of telemetry, \(Level.rangeText); docs/reference/wire-format.md has the table.")
    var level = Level.standard.rawValue

    @Option(help: "Requests per second, above 0, at most 1000000.")
    var rate: Double = 400

    @Option(help: "Seconds to send for.")
    var duration: Double = 10

    @Option(
        help: ArgumentHelp(
            "Trace at most one request per this many microseconds; 0 traces every request.", valueName: "microseconds"))
    var freq = 0

    @Option(name: .customLong("protocol"), help: "Transport protocol of the requests.")
    var transport = TransportProtocol.udp

    @Flag(name: .customLong("ipv6"), help: "Send requests over IPv6.")
    var overIPv6 = false

    @Flag(help: "Make the client's host the INT source ('host attach --role client') instead of the switch next to it.")
    var clientRole = false

    @Flag(help: "Print the result as one JSON object.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Draw the path and the times of the slowest request into this file, as an SVG picture.", valueName: "file"))
    var svg: String?

    func validate() throws {
        _ = try ValidationError.level(level)
        try ValidationError.unless("--rate", rate, isAboveZeroUpTo: 1e6)
        try ValidationError.unless("--duration", duration, isAboveZeroUpTo: 86_400, " seconds")
        try ValidationError.unless("--freq", freq, isIn: 0...1_000_000_000, " microseconds")
    }

    func run() throws {
        try CommandError.requireRoot()
        StandardStream.surviveClosedReaders()
        var settings = DemoSettings(
            topology: topology, level: try ValidationError.level(level), rate: rate, duration: duration, freq: freq)
        settings.transport = transport
        settings.overIPv6 = overIPv6
        settings.clientRole = clientRole
        let interruption = try SignalDescriptor([.interrupt, .terminate])
        let signals = interruption.number
        let progress = DemoProgress(settings)
        let demo = try Demo(settings, try Installation.find(), interruption: signals, report: progress.show)
        let report: DemoReport
        do {
            report = try demo.run()
        } catch  where Readiness.isReadable(signals) {
            Terminal.say("\(error)")
            throw ExitCode.interrupted
        }
        Terminal.print(json ? try JSONText.line(DemoDocument(report)) : text(report))
        if let svg { try DemoPicture(report: report).write(to: svg) }
        if Readiness.isReadable(signals) { throw ExitCode.interrupted }
        if report.view.counts.complete == 0 { throw ExitCode.failure }
    }

    private func text(_ report: DemoReport) -> String {
        DemoText(report: report, width: Terminal.width, style: Terminal.style).text
    }
}
