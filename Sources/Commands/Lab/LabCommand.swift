// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Documents
import Lab
import LinuxSystem
import Scenarios
import TerminalKit

struct LabCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab",
        abstract: "Run a network of hosts and switches in network namespaces on this machine.",
        discussion: """
            A lab is named after its topology file: topologies/three-switch.json makes the lab three-switch. Every verb \
            accepts either where it asks for a lab. Its namespaces are named three-switch-h1, three-switch-s1 and so on; \
            `ip netns` lists them too. Needs root.

            Examples:
              p4netintel lab up three-switch
              p4netintel lab exec three-switch h1 ping -c 1 10.0.2.2
              p4netintel lab shell three-switch
              p4netintel lab down three-switch
            """,
        subcommands: [LabUp.self, LabDown.self, LabExec.self, LabShellCommand.self, LabStatusCommand.self])
}

struct LabUp: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Start a lab: namespaces, links, hosts and running switches.",
        discussion: """
            A running lab of the same name is stopped first, unless a running demo uses it. If a part cannot be started, \
            everything is removed again.

            Examples:
              p4netintel lab up three-switch
              p4netintel lab up my-network.json --program my.p4 -D LIMIT=3

            Exit codes: 0 the lab is up; 1 it could not be started; 64 wrong usage; 130 stopped by Ctrl-C.
            """)

    @Argument(help: ArgumentHelp("A topology file, or the name of one of those included.", valueName: "topology"))
    var topology: String

    @OptionGroup var program: LabProgramOptions

    func run() throws {
        let interruption = try SignalDescriptor([.interrupt, .terminate])
        StandardStream.surviveClosedReaders()
        let installation = try Installation.find()
        let topology = try Topology(contentsOf: try installation.topology(topology))
        try CommandError.requireRoot()
        var options = program.options(installation)
        let signals = interruption.number
        options.isCancelled = { Readiness.isReadable(signals) }
        let lab = LabNetwork(topology)
        do {
            try lab.up(topology, options) { Terminal.say($0) }
        } catch  where options.isCancelled() {
            Terminal.say("\(error)")
            throw ExitCode.interrupted
        }
        Terminal.say("lab '\(lab.name)' is up; 'p4netintel lab shell \(lab.name)' for a prompt, 'lab down' to end it")
    }
}

/// What the switches of a lab run.
struct LabProgramOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "P4 program of the switches that name none in the topology. (default: p4/INT.p4)", valueName: "file"))
    var program: String?

    @Option(
        name: [.customShort("D")], parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Define a macro for the program.", valueName: "name=value"))
    var definitions: [String] = []

    @Option(
        help: ArgumentHelp(
            "Bytes of the longest packet that hosts send, without the Ethernet header, 576 to 9216. Links carry "
                + "\(LabOptions.fullHeadRoom) more, for telemetry. (default: 1500)", valueName: "bytes"))
    var mtu: Int?

    func validate() throws {
        try ValidationError.unless("--mtu", mtu, isIn: 576...9216, " bytes")
    }

    func options(_ installation: Installation) -> LabOptions {
        var options = LabOptions(executable: [installation.executable], program: program ?? installation.program)
        options.definitions = definitions
        options.mtu = mtu
        options.headRoom = LabOptions.fullHeadRoom
        return options
    }
}

struct LabDown: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down", abstract: "Stop a lab: end every process in its nodes and remove its namespaces.",
        discussion: """
            Examples:
              p4netintel lab down three-switch
              p4netintel lab down

            Exit codes: 0 removed, or there was no lab; 1 failed; 64 wrong usage.
            """)

    @Argument(help: ArgumentHelp("The lab's name or topology file. (default: all labs)", valueName: "lab"))
    var lab: String?

    func run() throws {
        try CommandError.requireRoot()
        let labs = lab.map { [LabNetwork(nameOrFile: $0)] } ?? LabNetwork.all()
        var removed = 0
        for lab in labs {
            let nodes = try lab.down()
            removed += nodes
            if nodes > 0 { Terminal.say("lab '\(lab.name)' is down") }
        }
        if removed == 0 {
            Terminal.say(lab.map { "lab '\(LabNetwork(nameOrFile: $0).name)' was not up" } ?? "no lab was up")
        }
    }
}

struct LabExec: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec",
        abstract: "Run a command in a host or switch of a lab.",
        discussion: """
            The command uses this terminal.

            Examples:
              p4netintel lab exec three-switch h2 p4netintel host attach --interface eth0
              p4netintel lab exec three-switch h1 bash

            Exit codes: that of the command; 126 or 127 if it cannot be run or does not exist; 1 there is no such lab.
            """)

    @Argument(help: ArgumentHelp("The lab's name or topology file.", valueName: "lab"))
    var lab: String

    @Argument(help: "The host or switch.")
    var node: String

    @Argument(parsing: .captureForPassthrough, help: "The command and its arguments.")
    var command: [String]

    func run() throws {
        try CommandError.requireRoot()
        try Installation.find().addToPath()
        let words = command.first == "--" ? Array(command.dropFirst()) : command
        guard !words.isEmpty else { throw ValidationError("COMMAND must be a command to run in \(node), got nothing") }
        let outcome = try execute(words)
        if !outcome.isSuccess { throw ExitCode(outcome.code) }
    }
}

extension LabExec {
    /// A command that is not there, or may not be run, ends this one as it would end a shell.
    private func execute(_ words: [String]) throws -> ProcessOutcome {
        do {
            return try LabNetwork(nameOrFile: lab).execute(words, in: node)
        } catch let error as SystemError where error.call == "execute" {
            Terminal.say("error: \(error)")
            throw ExitCode(error.errno == .noEntry ? 127 : 126)
        }
    }
}

struct LabShellCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shell",
        abstract: "Open a prompt for lines such as 'h1 ping -c 1 h2'.",
        discussion: """
            Reads lines from standard input, so that a script can be piped in. The line 'help' lists the forms of a line.

            Examples:
              p4netintel lab shell three-switch
              echo 'h1 ping -c 1 h2' | p4netintel lab shell three-switch

            Exit codes: 0 every line was run; 1 a line was not understood or could not be run; 64 wrong usage.
            """)

    @Argument(help: ArgumentHelp("The lab's name or topology file.", valueName: "lab"))
    var lab: String

    func run() throws {
        try CommandError.requireRoot()
        try Installation.find().addToPath()
        let code = try LabShell.runOnStandardInput(LabNetwork(nameOrFile: lab))
        if code != 0 { throw ExitCode(code) }
    }
}

struct LabStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show a lab's nodes, interfaces and processes.",
        discussion: """
            Examples:
              p4netintel lab status
              p4netintel lab status three-switch --json

            Exit codes: 0 everything runs; 1 the lab is not up, or one of its processes has ended; 64 wrong usage.
            """)

    @Argument(help: ArgumentHelp("The lab's name or topology file. (default: all labs)", valueName: "lab"))
    var lab: String?

    @Flag(help: "Print one JSON array.")
    var json = false

    func run() throws {
        let all = try (lab.map { [LabNetwork(nameOrFile: $0)] } ?? LabNetwork.all()).map { try $0.status() }
        let statuses = lab == nil ? all.filter { !$0.nodes.isEmpty } : all
        if json {
            Terminal.print(try JSONText.line(statuses))
        } else {
            for status in statuses { Terminal.print("\(status)") }
            if statuses.isEmpty { Terminal.say("no lab is up") }
        }
        if statuses.isEmpty || !statuses.allSatisfy(\.isWhole) { throw ExitCode.failure }
    }
}
