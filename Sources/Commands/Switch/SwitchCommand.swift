// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Documents
import LinuxSystem
import SwitchEngine
import SwitchRuntime
import TerminalKit

struct SwitchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "switch",
        abstract: "Run a P4_16 program as a software switch on real interfaces.",
        discussion: """
            Compiles the program, applies the command files and then the runtime files, opens the ports, and writes 'ready' to \
            standard output. It starts fully configured or not at all: every problem of the files is reported with its \
            place.

            SIGUSR1 prints statistics by port and drop reason; SIGINT and SIGTERM end the switch, with statistics.

            Links: what leaves a port can be delayed (--delay) and limited (--bandwidth, whose queue is the switch's own); \
            --ingress-delay and --ingress-bandwidth do the same to what arrives, for a port that faces a host.
            """)

    @OptionGroup var source: SourceOptions

    @Option(
        help: ArgumentHelp("A port and the interface behind it.", valueName: "number=interface"),
        transform: { try PortValue(parsing: $0) })
    var port: [PortValue<String>]

    @Option(help: ArgumentHelp("Entries, in the form of the P4 tutorials' sX-runtime.json.", valueName: "file"))
    var runtime: [String] = []

    @Option(help: ArgumentHelp("Lines as simple_switch_CLI takes them.", valueName: "file"))
    var commands: [String] = []

    @Option(
        help: ArgumentHelp(
            "Where `p4netintel control` reaches the switch while it runs: a path for a local socket.",
            valueName: "path"))
    var control: String?

    @Option(
        help: ArgumentHelp("Delay of what leaves a port: 100us, 2ms, 1s.", valueName: "port=time"),
        transform: { try PortValue(parsing: $0) })
    var delay: [PortValue<LinkDelay>] = []

    @Option(
        help: ArgumentHelp("Bandwidth of what leaves a port, in Mbit/s.", valueName: "port=mbit"),
        transform: { try PortValue(parsing: $0) })
    var bandwidth: [PortValue<Double>] = []

    @Option(
        help: ArgumentHelp("Delay of what arrives at a port.", valueName: "port=time"),
        transform: { try PortValue(parsing: $0) })
    var ingressDelay: [PortValue<LinkDelay>] = []

    @Option(
        help: ArgumentHelp("Bandwidth of what arrives at a port, in Mbit/s.", valueName: "port=mbit"),
        transform: { try PortValue(parsing: $0) })
    var ingressBandwidth: [PortValue<Double>] = []

    @Option(
        help: ArgumentHelp(
            "Queues a port, 1 to 8; the program chooses by standard_metadata.priority.", valueName: "count"))
    var priorityQueues = 1

    @Flag(help: "Print statistics as one JSON object a line.")
    var json = false

    func validate() throws {
        guard (1...8).contains(priorityQueues) else { throw ValidationError("--priority-queues is from 1 to 8") }
        let known = Set(port.map(\.port))
        let named = delay.map(\.port) + bandwidth.map(\.port) + ingressDelay.map(\.port) + ingressBandwidth.map(\.port)
        for number in named where !known.contains(number) {
            throw ValidationError("port \(number) has a delay or bandwidth but no --port \(number)=INTERFACE")
        }
    }

    func run() throws {
        let program = try source.compile()
        var options = SwitchOptions(ports: port.map(portOptions))
        options.runtimeFiles = runtime
        options.commandFiles = commands
        options.controlPath = control
        options.engine.priorityQueues = priorityQueues
        let log = RateLimitedLog(now: DomainClock.monotonicNanoseconds) { Terminal.say($0) }
        options.engine.log = log.line
        do {
            var process = try SwitchProcess(program: program, options: options)
            for line in process.commandOutput { Terminal.say(line) }
            try process.run {
                Terminal.print("ready")
            } onStatistics: {
                show($0)
            }
            log.finish()
            show(process.statistics())
        } catch {
            for problem in error.problems { Terminal.say("error: \(problem)") }
            throw ExitCode.failure
        }
    }

    private func portOptions(_ port: PortValue<String>) -> PortOptions {
        func value<Value>(_ values: [PortValue<Value>]) -> Value? { values.last { $0.port == port.port }?.value }
        return PortOptions(
            number: port.port, interface: port.value, delay: value(delay)?.nanoseconds ?? 0,
            bandwidth: value(bandwidth).map { $0 * 1e6 }, ingressDelay: value(ingressDelay)?.nanoseconds ?? 0,
            ingressBandwidth: value(ingressBandwidth).map { $0 * 1e6 })
    }

    private func show(_ statistics: SwitchStatistics) {
        if json, let line = try? JSONText.line(statistics) {
            Terminal.print(line)
        } else {
            Terminal.write(statistics.table)
        }
    }
}
