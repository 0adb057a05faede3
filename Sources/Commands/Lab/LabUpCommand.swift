// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import InstalledFiles
import Documents
import Lab
import LinuxSystem
import Scenarios
import TerminalKit

struct LabUpCommand: ParsableCommand {
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
        try ValidationError.unless("--mtu", mtu, isIn: LabOptions.mtuRange, " bytes")
    }

    func options(_ installation: Installation) -> LabOptions {
        var options = LabOptions(executable: [installation.executable], program: program ?? installation.program)
        options.definitions = definitions
        options.mtu = mtu
        options.headRoom = LabOptions.fullHeadRoom
        return options
    }
}
