// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
import SoftwareVersion
import TerminalKit

/// The tree of verbs.
public struct P4NetIntel: ParsableCommand {
    /// Name, help and verbs.
    public static let configuration = CommandConfiguration(
        commandName: "p4netintel",
        abstract: "Follow a request through P4 switches and a server's kernel, and see where its time went.",
        discussion: """
            Start with `p4netintel demo`. The other verbs are the parts that the demo uses, each usable alone.

            Examples:
              p4netintel demo
              p4netintel doctor --interface eth0
              p4netintel host attach --interface eth0
              p4netintel monitor --interface eth0 --csv journeys.csv

            Exit codes of all verbs: 0 done; 1 failed, with the error on standard error; 64 wrong usage; 130 stopped by \
            Ctrl-C before it was done.
            """,
        version: Release.description,
        groupedSubcommands: [
            CommandGroup(
                name: "Try it", subcommands: [DemoCommand.self, LabCommand.self, RunCommand.self, PlanCommand.self]),
            CommandGroup(
                name: "Run it",
                subcommands: [
                    HostCommand.self, SwitchCommand.self, ControlCommand.self, ServerCommand.self, ClientCommand.self,
                ]),
            CommandGroup(
                name: "Look at it", subcommands: [MonitorCommand.self, DoctorCommand.self, CompileCommand.self]),
            CommandGroup(
                name: "Measure it",
                subcommands: [ExperimentCommand.self, BenchCommand.self, BlastCommand.self]),
        ])

    /// For the argument parser.
    public init() {}

    /// Parses the command line, runs the verb and ends the process with its exit code.
    public static func start() {
        main(CommandLineText.arguments(Array(CommandLine.arguments.dropFirst())))
        guard let failure = Terminal.outputFailure else { return }
        exit(withError: failure)
    }
}

extension ExitCode {
    /// What a shell reports for a program that SIGINT ended.
    static let interrupted = ExitCode(130)
}
