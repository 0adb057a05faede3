// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Documents
import HostAgent
import TerminalKit

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check whether this machine can carry telemetry, and say what to change.",
        discussion: """
            Checks privileges, kernel, tracing and clocks; with --interface also the driver's XDP support, offloads and \
            MTU head-room. Changes nothing: it loads the eBPF programs as a test and unloads them. Needs root.

            Examples:
              p4netintel doctor
              p4netintel doctor --interface eth0 --json

            Exit codes: 0 no problem, perhaps warnings; 1 a problem; 64 wrong usage.
            """)

    @Option(help: ArgumentHelp("Also check this interface, in this network namespace.", valueName: "name"))
    var interface: String?

    @Flag(help: "Print one JSON array of {check, state, found, reason, advice}.")
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
