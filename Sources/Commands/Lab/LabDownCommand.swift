// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Documents
import HostAgent
import Lab
import LinuxSystem
import Scenarios
import TerminalKit

struct LabDownCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down", abstract: "Stop a lab: end every process in its nodes and remove its namespaces.",
        discussion: """
            Examples:
              p4netintel lab down three-switch
              p4netintel lab down

            Exit codes: 0 removed, or there was no lab; 1 failed; 64 wrong usage.
            """)

    @Argument(help: ArgumentHelp("The lab's name or topology file. (default: all labs)", valueName: "lab"))
    var lab: String?

    func run() throws {
        try CommandError.requireRoot()
        let labs = lab.map { [LabNetwork(nameOrFile: $0)] } ?? LabNetwork.all()
        var removed = 0
        var namespaces: Set<UInt64> = []
        for lab in labs {
            // Programs that are attached in them stay pinned when they are gone.
            let found = try lab.status().nodes.filter(\.exists)
            namespaces.formUnion(
                found.compactMap { FileSystem.inode(of: "\(NetworkNamespace.directory)/\($0.namespace)") })
            let nodes = try lab.down()
            removed += nodes
            if nodes > 0 { Terminal.say("lab '\(lab.name)' is down") }
        }
        if !namespaces.isEmpty { try TelemetryHost.removeLeftovers(of: namespaces) }
        if removed == 0 {
            Terminal.say(lab.map { "lab '\(LabNetwork(nameOrFile: $0).name)' was not up" } ?? "no lab was up")
        }
    }
}
