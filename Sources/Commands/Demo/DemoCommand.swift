// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
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
        abstract: "Bring everything up, send requests, and show where their time went.",
        discussion: """
            Starts a lab whose switches run p4/INT.p4, attaches the eBPF programs on h2, starts server and collector, sends \
            requests from h1, and prints each part of the way with its times, and the slowest request drawn over time. \
            Takes everything down again, also after Ctrl-C. Needs root.
            """)

    @Option(help: ArgumentHelp("A topology file, or the name of one that ships.", valueName: "topology"))
    var topology = "three-switch"

    @Option(help: "Level of telemetry, \(Level.rangeText).")
    var level: UInt8 = 2

    @Option(help: "Requests a second.")
    var rate: Double = 400

    @Option(help: "Seconds to send for.")
    var duration: Double = 10

    @Option(
        help: ArgumentHelp(
            "At most one request in so many microseconds is followed; 0: every one.", valueName: "microseconds"))
    var freq = 0

    @Option(name: .customLong("protocol"), help: "What requests travel by: udp or tcp.")
    var transport = TransportProtocol.udp

    @Flag(name: .customLong("ipv6"), help: "Send requests over IPv6.")
    var overIPv6 = false

    @Flag(help: "Let the client's host begin the telemetry ('host attach --role client'), not the switch next to it.")
    var clientRole = false

    @Flag(help: "Print the result as one JSON object.")
    var json = false

    func validate() throws {
        guard Level(rawValue: level) != nil else { throw ValidationError("--level is from \(Level.rangeText)") }
        guard rate > 0, rate <= 1_000_000 else { throw ValidationError("--rate is a number above 0, up to 1000000") }
        guard duration > 0, duration <= 86_400 else { throw ValidationError("--duration is from above 0 to 86400 s") }
        guard freq >= 0, freq <= 1_000_000_000 else { throw ValidationError("--freq is from 0 to 1000000000") }
    }

    func run() throws {
        StandardStream.surviveClosedReaders()
        var settings = DemoSettings(
            topology: topology, level: Level(rawValue: level) ?? .standard, rate: rate, duration: duration, freq: freq)
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
        if Readiness.isReadable(signals) { throw ExitCode.interrupted }
        if report.view.counts.complete == 0 { throw ExitCode.failure }
    }

    private func text(_ report: DemoReport) -> String {
        DemoText(report: report, width: Terminal.width, style: Terminal.style).text
    }
}
