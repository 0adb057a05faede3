// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import HostAgent
import Journeys
import TelemetryFormats
import TerminalKit

struct HostCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "host",
        abstract: "Attach, inspect and detach the eBPF programs on a host.",
        discussion: """
            The programs stay attached when a verb ends. Needs root.

            Examples:
              p4netintel host attach --interface eth0
              p4netintel host status --interface eth0

            Exit codes: those of the subcommand; 64 wrong usage.
            """,
        subcommands: [
            HostAttachCommand.self, HostDetachCommand.self, HostStatusCommand.self, HostRulesCommand.self,
            HostReportCommand.self,
        ])
}

/// The interface a host verb works on.
struct HostInterface: ParsableArguments {
    @Option(help: ArgumentHelp("The interface, in this network namespace.", valueName: "name"))
    var interface: String

    var host: TelemetryHost { TelemetryHost(interface: interface) }
}
