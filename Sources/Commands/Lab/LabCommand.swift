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
        abstract: "Hosts and switches in network namespaces, from a topology file.",
        discussion: """
            A lab is named after its topology file: topologies/three-switch.json makes the lab three-switch, and either is \
            taken where a lab is asked for. Its namespaces are called three-switch-h1, three-switch-s1 and so on; `ip netns` \
            sees them too.
            """,
        subcommands: [LabUp.self, LabDown.self, LabExec.self, LabShellCommand.self, LabStatusCommand.self])
}

struct LabUp: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Bring a topology up: namespaces, links, hosts, running switches.",
        discussion: """
            A lab of the same name is taken down first, unless a demo that runs has it. Either everything comes up, or \
            nothing stays.
            """)

    @Argument(help: ArgumentHelp("A topology file, or the name of one that ships.", valueName: "topology"))
    var topology: String

    @OptionGroup var program: LabProgramOptions

    func run() throws {
        let interruption = try SignalDescriptor([.interrupt, .terminate])
        StandardStream.surviveClosedReaders()
        let installation = try Installation.find()
        let topology = try Topology(contentsOf: try installation.topology(topology))
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
            "P4 program of the switches that the topology gives none. (default: p4/INT.p4)", valueName: "file"))
    var program: String?

    @Option(
        name: [.customShort("D")], parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Define a macro for the program.", valueName: "name=value"))
    var definitions: [String] = []

    @Option(help: ArgumentHelp("Bytes of every link, without the Ethernet header. (default: 1500)", valueName: "bytes"))
    var mtu: Int?

    func validate() throws {
        guard mtu.map({ (576...9216).contains($0) }) ?? true else { throw ValidationError("--mtu is from 576 to 9216") }
    }

    func options(_ installation: Installation) -> LabOptions {
        var options = LabOptions(executable: [installation.executable], program: program ?? installation.program)
        options.definitions = definitions
        options.mtu = mtu
        return options
    }
}

struct LabDown: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down", abstract: "End a lab's switches and whatever runs in its nodes, and remove it.")

    @Argument(help: ArgumentHelp("The lab's name or topology file; all labs if left out.", valueName: "lab"))
    var lab: String?

    func run() throws {
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
        abstract: "Run a command in a host or switch.",
        discussion: "The command has this terminal; its exit code becomes ours.")

    @Argument(help: ArgumentHelp("The lab's name or topology file.", valueName: "lab"))
    var lab: String

    @Argument(help: "The host or switch.")
    var node: String

    @Argument(parsing: .captureForPassthrough, help: "The command and its arguments.")
    var command: [String]

    func run() throws {
        try Installation.find().addToPath()
        let words = command.first == "--" ? Array(command.dropFirst()) : command
        guard !words.isEmpty else { throw ValidationError("name a command to run in \(node)") }
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
        abstract: "A prompt that takes lines such as 'h1 ping -c 1 h2'.",
        discussion: """
            Lines come from standard input, so a script can be piped in. 'help' lists what a line can be. Exits with 1 if \
            a line could not be understood or run.
            """)

    @Argument(help: ArgumentHelp("The lab's name or topology file.", valueName: "lab"))
    var lab: String

    func run() throws {
        try Installation.find().addToPath()
        let code = try LabShell.runOnStandardInput(LabNetwork(nameOrFile: lab))
        if code != 0 { throw ExitCode(code) }
    }
}

struct LabStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show a lab's nodes, interfaces and processes.",
        discussion: "Exits with 1 if the lab is not up or something of it has ended.")

    @Argument(help: ArgumentHelp("The lab's name or topology file; all labs if left out.", valueName: "lab"))
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
