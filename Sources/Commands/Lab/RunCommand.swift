// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import InstalledFiles
import Documents
import Lab
import LinuxSystem
import Scenarios
import TerminalKit

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a script of lab lines, in a new lab or in a running one.",
        discussion: """
            The lines are those of `p4netintel lab shell`: `h2 p4netintel server &`, `h1 p4netintel client 400`. If the \
            topology's lab is running, the script uses it and leaves it running; otherwise a lab is started for the script \
            and stopped after it, also after Ctrl-C. Background commands end with the script. Needs root.

            Examples:
              p4netintel run experiments/getting-started.lab
              p4netintel run my.lab --topology six-switch

            Exit codes: 0 every line succeeded; 1 a line was not understood, could not be run, or failed; 64 wrong usage; \
            130 stopped by Ctrl-C.
            """)

    @Argument(help: "A file of lab lines.")
    var file: String

    @Option(help: ArgumentHelp("A topology file, or the name of one of those included.", valueName: "topology"))
    var topology = "three-switch"

    @OptionGroup var program: LabProgramOptions

    func run() throws {
        try CommandError.requireRoot()
        StandardStream.surviveClosedReaders()
        let script = try InputFile.text(of: file)
        let installation = try Installation.find()
        installation.addToPath()
        let topology = try Topology(contentsOf: try installation.topology(topology))
        let lab = LabNetwork(topology)
        let interruption = try SignalDescriptor([.interrupt, .terminate])
        let signals = interruption.number
        let isCancelled: @Sendable () -> Bool = { Readiness.isReadable(signals) }
        var options = program.options(installation)
        options.owner = .current
        options.isCancelled = isCancelled
        do {
            try lab.whileUp(topology, options, report: { Terminal.say($0) }) { try perform(script, in: lab, signals) }
        } catch  where isCancelled() && !(error is ExitCode) {
            Terminal.say("\(error)")
        }
        if isCancelled() { throw ExitCode.interrupted }
    }

    private func perform(_ script: String, in lab: LabNetwork, _ interruption: Int32) throws {
        let shell = try LabShell(lab, interactive: false, interruption: interruption) { Terminal.print($0) }
        let code = shell.run(script: script, file: file) { line in
            guard !Readiness.isReadable(interruption) else { return false }
            if line.contains(where: { !$0.isWhitespace }), !line.hasPrefix("#") { Terminal.say("> \(line)") }
            return true
        }
        if shell.wasInterrupted { throw ExitCode.interrupted }
        if code != 0 { throw ExitCode(code) }
    }
}
