// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import InstalledFiles
import Benchmarks
import Documents
import LinuxSystem
import Scenarios
import TerminalKit

struct BenchSwitchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "switch",
        abstract: "Measure what a packet costs the switch: in the engine alone, and between interfaces.",
        discussion: """
            Engine: packets pass parser, ingress, queue, egress and deparser on one core. The cases are IPv4 forwarding \
            (p4/examples/basic.p4), INT.p4 with a packet without telemetry, and INT.p4 with a packet that has three hop \
            records and gets a fourth, at each level. Rounds of all cases are interleaved; the report has the median and \
            the fastest round.

            Ports (needs root, about a minute): a switch between veth pairs, in network namespaces of its own, that adds \
            level 3 telemetry to every packet of one flow, compared with a forwarder without a program; latency from the \
            kernel's timestamps before and after the switch; links of 1 and 1000 Mbit/s; the load of ten idle switches.

            Examples:
              p4netintel bench switch --engine-only
              p4netintel bench switch --rounds 31 --json

            Exit codes: 0 done; 1 failed; 64 wrong usage; 130 stopped by Ctrl-C.
            """)

    @Option(help: "Packets per round, 1000 to 10000000.")
    var count = 5000

    @Option(help: "Rounds of each case, 1 to 1000.")
    var rounds = 101

    @Option(help: "Rounds of each frame size between interfaces, 1 to 100.")
    var portRounds = 7

    @Flag(help: "Skip the part that needs interfaces.")
    var engineOnly = false

    @Flag(help: "Skip the engine part.")
    var portsOnly = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        try ValidationError.unless("--count", count, isIn: 1000...10_000_000)
        try ValidationError.unless("--rounds", rounds, isIn: 1...1000)
        try ValidationError.unless("--port-rounds", portRounds, isIn: 1...100)
        guard !(engineOnly && portsOnly) else {
            throw ValidationError("--engine-only and --ports-only exclude each other")
        }
    }

    func run() throws {
        let signals = try SignalDescriptor([.interrupt, .terminate])
        let installation = try Installation.find()
        var progress = ProgressLine()
        var report = SwitchBenchReport()
        defer { progress.finish() }
        do {
            if !portsOnly { report.engine = try engine(installation, &progress, until: signals.number) }
            if !engineOnly { report.ports = try ports(installation, &progress, until: signals.number) }
        } catch  where Readiness.isReadable(signals.number) {
            Terminal.say("interrupted")
            throw ExitCode.interrupted
        }
        progress.finish()
        Terminal.print(json ? try JSONText.line(report) : report.text)
    }

    private func engine(
        _ installation: Installation, _ progress: inout ProgressLine, until stop: Int32
    ) throws -> [EngineBench.Row] {
        var bench = EngineBench(programsIn: installation.programs)
        bench.count = count
        bench.rounds = rounds
        return try bench.run(stop: stop) { progress.show($0) }
    }

    private func ports(
        _ installation: Installation, _ progress: inout ProgressLine, until stop: Int32
    ) throws -> PortsReport {
        let bench = try PortsBench(
            executable: installation.executable, program: installation.program, rounds: portRounds, stop: stop)
        return try bench.run { progress.show($0) }
    }
}
