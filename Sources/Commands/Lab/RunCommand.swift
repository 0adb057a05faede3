// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import Lab
import LinuxSystem
import Scenarios
import TerminalKit

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a script of lab lines, in a lab made for it or in one that is up.",
        discussion: """
            Lines are those of the lab's prompt: `h2 p4netintel server &`, `h1 p4netintel client 400 --duration 10`. A lab \
            of the topology's name that is up is used and stays up; else one is brought up and taken down again, also after \
            Ctrl-C. What a script started in the background ends with it. Exits with 1 if a line could not be \
            understood or run, or a command of it failed. Needs root.
            """)

    @Argument(help: "A file of lab lines.")
    var file: String

    @Option(help: ArgumentHelp("A topology file, or the name of one that ships.", valueName: "topology"))
    var topology = "three-switch"

    @OptionGroup var program: LabProgramOptions

    func run() throws {
        StandardStream.surviveClosedReaders()
        guard let script = FileManager.default.contents(atPath: file) else {
            throw CommandError("\(file) cannot be read")
        }
        let installation = try Installation.find()
        installation.addToPath()
        let topology = try Topology(contentsOf: try installation.topology(topology))
        let lab = LabNetwork(topology)
        let interruption = try SignalDescriptor([.interrupt, .terminate])
        let signals = interruption.number
        let isCancelled: @Sendable () -> Bool = { Readiness.isReadable(signals) }
        let isMine = try lab.status().nodes.isEmpty
        defer { if isMine { _ = try? lab.down() } }
        do {
            if isMine { try bringUp(lab, topology, installation, isCancelled) }
            try perform(String(decoding: script, as: UTF8.self), in: lab, signals)
        } catch  where isCancelled() && !(error is ExitCode) {
            Terminal.say("\(error)")
        }
        if isCancelled() { throw ExitCode.interrupted }
    }

    private func bringUp(
        _ lab: LabNetwork, _ topology: Topology, _ installation: Installation,
        _ isCancelled: @escaping @Sendable () -> Bool
    ) throws {
        var options = program.options(installation)
        options.owner = .current
        options.isCancelled = isCancelled
        try lab.up(topology, options) { Terminal.say($0) }
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
