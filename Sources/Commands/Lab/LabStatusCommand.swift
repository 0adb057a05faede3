// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Documents
import Lab
import LinuxSystem
import Scenarios
import TerminalKit

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
        if statuses.isEmpty || !statuses.allSatisfy(\.isComplete) { throw ExitCode.failure }
    }
}
