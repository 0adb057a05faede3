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
        abstract: "Run a P4_16 program as a software switch on network interfaces.",
        discussion: """
            Compiles the program, applies the runtime files and then the command files, opens the ports, and writes 'ready' \
            to standard output. If a file has an error, reports every error with its location and does not start. Needs root.

            SIGUSR1 prints statistics per port and per drop reason. SIGINT and SIGTERM print them and stop the switch.

            To emulate links, --delay and --bandwidth delay and limit the packets that leave a port; they wait in the \
            switch's own queue. --ingress-delay and --ingress-bandwidth do the same to packets that arrive, for a port \
            that faces a host.

            Examples:
              p4netintel switch p4/INT.p4 --port 1=veth1 --port 2=veth2 --runtime s1-runtime.json
              p4netintel switch my.p4 --port 1=eth1 --port 2=eth2 --bandwidth 2=100 --control /run/s1.sock

            Exit codes: 0 stopped by a signal; 1 the program or a file has errors, or a port cannot be opened; 64 wrong usage.
            """)

    @OptionGroup var source: SourceOptions

    @Option(
        help: ArgumentHelp("A port and its interface; repeat for each port.", valueName: "number=interface"),
        transform: { try PortValue(parsing: $0) })
    var port: [PortValue<String>]

    @Option(help: ArgumentHelp("Table entries, in the form of the P4 tutorials' sX-runtime.json.", valueName: "file"))
    var runtime: [String] = []

    @Option(help: ArgumentHelp("A file with one simple_switch_CLI command per line.", valueName: "file"))
    var commands: [String] = []

    @Option(
        help: ArgumentHelp(
            "Path of the local socket on which the running switch accepts `p4netintel control`. (default: no socket)",
            valueName: "path"))
    var control: String?

    @Option(
        help: ArgumentHelp("Delay of packets that leave a port: 100us, 2ms, 1s.", valueName: "port=time"),
        transform: { try PortValue(parsing: $0) })
    var delay: [PortValue<LinkDelay>] = []

    @Option(
        help: ArgumentHelp("Bandwidth of packets that leave a port, in Mbit/s.", valueName: "port=mbit"),
        transform: { try PortValue(parsing: $0) })
    var bandwidth: [PortValue<Double>] = []

    @Option(
        help: ArgumentHelp("Delay of packets that arrive at a port.", valueName: "port=time"),
        transform: { try PortValue(parsing: $0) })
    var ingressDelay: [PortValue<LinkDelay>] = []

    @Option(
        help: ArgumentHelp("Bandwidth of packets that arrive at a port, in Mbit/s.", valueName: "port=mbit"),
        transform: { try PortValue(parsing: $0) })
    var ingressBandwidth: [PortValue<Double>] = []

    @Option(
        help: ArgumentHelp(
            "Queues per port, 1 to 8; the program chooses with standard_metadata.priority.", valueName: "count"))
    var priorityQueues = 1

    @Flag(help: "Print statistics as one JSON object per line.")
    var json = false

    func validate() throws {
        try ValidationError.unless("--priority-queues", priorityQueues, isIn: 1...8)
        let known = Set(port.map(\.port))
        let named = delay.map(\.port) + bandwidth.map(\.port) + ingressDelay.map(\.port) + ingressBandwidth.map(\.port)
        for number in named where !known.contains(number) {
            throw ValidationError("a delay or bandwidth must be of a port with --port, got port \(number)")
        }
    }

    /// Of more problems than these only the number is shown.
    private static let mostProblems = 100

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
            // Whoever waits for the line would wait in vain for one that a full disk did not take.
            try process.run { () throws(SwitchError) in
                Terminal.print("ready")
                guard let failure = Terminal.outputFailure else { return }
                throw SwitchError(.system, ["cannot write 'ready' to standard output: \(failure)"])
            } onEvent: {
                Terminal.say("\($0)")
            } onStatistics: {
                show($0)
            }
            log.finish()
            show(process.statistics())
        } catch {
            for problem in error.problems.prefix(Self.mostProblems) { Terminal.say("Error: \(problem)") }
            let more = error.problems.count - Self.mostProblems
            if more > 0 { Terminal.say("Error: \(more) more problems") }
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
