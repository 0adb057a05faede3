// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
import SoftwareVersion
import TerminalKit

/// The tree of verbs.
public struct P4NetIntel: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "p4netintel",
        abstract: "Follow a request through P4 switches and a server's kernel, and see where its time went.",
        discussion: """
            Start with `p4netintel demo`. The other verbs are the parts it is made of.

            Exit codes: 0 done, 1 failed, 64 wrong usage, 130 stopped by Ctrl-C before it was done.
            """,
        version: Release.description,
        subcommands: [
            DemoCommand.self, CompileCommand.self, SwitchCommand.self, ControlCommand.self, LabCommand.self,
            RunCommand.self,
            HostCommand.self, DoctorCommand.self, MonitorCommand.self, ServerCommand.self, ClientCommand.self,
            BlastCommand.self, BenchCommand.self, ExperimentCommand.self, PlanCommand.self,
        ])

    public init() {}

    /// Parses the command line, runs the verb and ends the process with its exit code.
    public static func start() {
        main()
        guard let failure = Terminal.outputFailure else { return }
        exit(withError: failure)
    }
}

extension ExitCode {
    /// As a shell has it of a program that SIGINT ended.
    static let interrupted = ExitCode(130)
}
