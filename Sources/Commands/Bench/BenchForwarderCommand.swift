// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Benchmarks
import SwitchRuntime
import TerminalKit

/// The baseline that `bench switch` compares a switch with.
struct BenchForwarderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forwarder",
        abstract: "Forward frames between two interfaces without a program: the baseline of 'bench switch'.",
        discussion: """
            Uses the packet rings of a switch. Writes 'ready' to standard output once both interfaces are open. Runs until \
            SIGINT or SIGTERM. Needs root.

            Example:
              p4netintel bench forwarder veth0 veth1

            Exit codes: 0 stopped; 1 an interface cannot be opened; 64 wrong usage.
            """)

    @Argument(help: ArgumentHelp("One interface.", valueName: "interface"))
    var first: String

    @Argument(help: ArgumentHelp("The other interface.", valueName: "interface"))
    var second: String

    func run() throws {
        var forwarder = try BareForwarder(first, second)
        try forwarder.run { Terminal.print("ready") }
    }
}
