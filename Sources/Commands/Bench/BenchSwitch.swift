// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Benchmarks
import Documents
import LinuxSystem
import Scenarios
import TerminalKit

struct BenchSwitch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "switch",
        abstract: "What a packet costs the switch: in its engine alone, and between real interfaces.",
        discussion: """
            Engine: runs packets through parser, ingress, queue, egress and deparser on one core: basic IPv4 forwarding \
            (p4/examples/basic.p4); and with INT.p4 a packet without telemetry, and one that carries records of three hops \
            and gets a fourth, at each level. Rounds of all cases are interleaved; the \
            median round of each is shown, and the fastest.

            Ports (needs root): a switch between veth pairs, in network namespaces made for it, that puts level 3 telemetry on \
            every packet of one flow, beside a forwarder that looks at nothing; latency from the kernel's times of a frame \
            before and behind the switch; links of 1 and 1000 Mbit/s; ten switches that have nothing to do. About a minute.
            """)

    @Option(help: "Packets a round.")
    var count = 5000

    @Option(help: "Rounds of each case.")
    var rounds = 101

    @Option(help: "Rounds of each size of frames between interfaces.")
    var portRounds = 7

    @Flag(help: "Leave out what needs interfaces.")
    var engineOnly = false

    @Flag(help: "Leave out the engine alone.")
    var portsOnly = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard (1000...10_000_000).contains(count) else { throw ValidationError("--count is from 1000 to 10000000") }
        guard (1...1000).contains(rounds) else { throw ValidationError("--rounds is from 1 to 1000") }
        guard (1...100).contains(portRounds) else { throw ValidationError("--port-rounds is from 1 to 100") }
        guard !(engineOnly && portsOnly) else { throw ValidationError("--engine-only and --ports-only leave nothing") }
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
