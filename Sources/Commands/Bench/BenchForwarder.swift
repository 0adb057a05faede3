// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Benchmarks
import SwitchRuntime
import TerminalKit

/// What `bench switch` compares a switch with.
struct BenchForwarder: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forwarder",
        abstract: "Forward every frame between two interfaces, with a switch's rings and no program.",
        discussion: "Writes 'ready' to standard output. SIGINT and SIGTERM end it.")

    @Argument(help: ArgumentHelp("One interface.", valueName: "interface"))
    var first: String

    @Argument(help: ArgumentHelp("The other.", valueName: "interface"))
    var second: String

    func run() throws {
        var forwarder = try BareForwarder(first, second)
        try forwarder.run { Terminal.print("ready") }
    }
}
