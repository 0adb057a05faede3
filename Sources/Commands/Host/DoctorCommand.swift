// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Documents
import HostAgent
import TerminalKit

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check what a server needs to carry telemetry, and say what to do.",
        discussion: """
            Looks at privileges, kernel, tracing and clocks; with --interface also at the driver's XDP, offloads and MTU \
            head-room. Nothing is changed: programs are loaded to see whether they do, and released. Exits with 1 if \
            there is a problem; a warning is not one.
            """)

    @Option(help: ArgumentHelp("Also check this interface, in this network namespace.", valueName: "name"))
    var interface: String?

    @Flag(help: "Print a JSON array of {check, state, found, reason, advice}.")
    var json = false

    func run() throws {
        var findings = Doctor.examineMachine()
        if let interface { findings += try Doctor.examine(interface: interface) }
        if json {
            Terminal.print(try JSONText.line(findings))
        } else {
            Terminal.print(FindingText(width: Terminal.width, style: Terminal.style).page(findings))
        }
        if findings.contains(where: { $0.state == .problem }) { throw ExitCode.failure }
    }
}
