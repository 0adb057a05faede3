// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import InstalledFiles
import Documents
import Lab
import LinuxSystem
import Scenarios
import TerminalKit

struct LabExecCommand: ParsableCommand {
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

extension LabExecCommand {
    /// A command that is not there, or may not be run, ends this one as it would end a shell.
    private func execute(_ words: [String]) throws -> ProcessOutcome {
        do {
            return try LabNetwork(nameOrFile: lab).execute(words, in: node)
        } catch let error as SystemError where error.call == "execute" {
            Terminal.say("Error: \(error)")
            throw ExitCode(error.errno == .noEntry ? 127 : 126)
        }
    }
}
