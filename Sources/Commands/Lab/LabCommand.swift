// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Documents
import Lab
import LinuxSystem
import Scenarios
import TerminalKit

struct LabCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab",
        abstract: "Run a network of hosts and switches in network namespaces on this machine.",
        discussion: """
            A lab is named after its topology file: topologies/three-switch.json makes the lab three-switch. Every verb \
            accepts either where it asks for a lab. Its namespaces are named three-switch-h1, three-switch-s1 and so on; \
            `ip netns` lists them too. Needs root.

            Examples:
              p4netintel lab up three-switch
              p4netintel lab exec three-switch h1 ping -c 1 10.0.2.2
              p4netintel lab shell three-switch
              p4netintel lab down three-switch

            Exit codes: those of the subcommand; 64 wrong usage.
            """,
        subcommands: [
            LabUpCommand.self, LabDownCommand.self, LabExecCommand.self, LabShellCommand.self, LabStatusCommand.self,
        ])
}
