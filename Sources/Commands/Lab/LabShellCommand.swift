// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import InstalledFiles
import Documents
import Lab
import LinuxSystem
import Scenarios
import TerminalKit

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
