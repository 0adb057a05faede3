// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure what a packet costs the switch and the hosts.",
        discussion: """
            Examples:
              p4netintel bench switch --engine-only
              p4netintel bench host --json

            Exit codes: those of the subcommand; 64 wrong usage.
            """,
        subcommands: [BenchSwitchCommand.self, BenchHostCommand.self, BenchForwarderCommand.self])
}
