// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import LinuxSystem
import Workload

struct ServerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server",
        abstract: "Answer UDP requests with what they carry.",
        discussion: """
            As plain an application as can be: every datagram goes back to its sender as it came. It knows nothing of \
            telemetry; `p4netintel host attach` does the host's part beneath it.

            Runs until Ctrl-C, then says how many it answered.
            """)

    @Option(help: "UDP port to listen on.")
    var port: UInt16 = 1234

    @Option(help: "Address to listen on.")
    var address: InternetAddress = .any

    func run() throws {
        let interruption = try SignalDescriptor([.interrupt, .terminate])
        var server = try EchoServer(at: IPv4Endpoint(address, port: port))
        Terminal.say("listening on \(server.endpoint)")
        try server.run(stop: interruption.number)
        Terminal.say(
            "answered \(server.answered)" + (server.notAnswered > 0 ? ", not answered \(server.notAnswered)" : ""))
    }
}
