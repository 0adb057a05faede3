// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure what a packet costs the switch and the hosts.",
        subcommands: [BenchSwitch.self, BenchHost.self, BenchForwarder.self])
}
