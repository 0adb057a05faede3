// SPDX-License-Identifier: Apache-2.0

import Addresses
import ArgumentParser
import LinuxSystem
import TerminalKit
import Workload

struct ServerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server",
        abstract: "Run an echo server for UDP and TCP.",
        discussion: """
            Returns every datagram, and every complete request of a connection, unchanged to its sender. The server knows \
            nothing about telemetry: `p4netintel host attach` handles that in the kernel. Runs until Ctrl-C, then prints \
            how many requests it answered.

            Examples:
              p4netintel server
              p4netintel server --address 10.0.2.2 --port 7 --protocol udp

            Exit codes: 0 stopped by Ctrl-C; 1 the address or port cannot be used; 64 wrong usage.
            """)

    @Option(help: "Port to listen on, 0 to 65535; 0 chooses a free port.")
    var port: UInt16 = 1234

    @Option(help: ArgumentHelp("Address to listen on. (default: all IPv4 and IPv6 addresses)", valueName: "address"))
    var address: IPAddress?

    @Option(name: .customLong("protocol"), help: "Transport protocols to serve.")
    var served = Served.both

    enum Served: String, CaseIterable, ExpressibleByArgument {
        case udp, tcp, both

        var protocols: Set<TransportProtocol> {
            switch self {
            case .udp: [.udp]
            case .tcp: [.tcp]
            case .both: [.udp, .tcp]
            }
        }
    }

    func run() throws {
        let interruption = try SignalDescriptor([.interrupt, .terminate])
        var server = try EchoServer(at: endpoints, by: served.protocols)
        Terminal.say("listening on \(server.endpoint)")
        try server.run(stop: interruption.number)
        Terminal.say(
            "answered \(server.answered)" + (server.notAnswered > 0 ? ", not answered \(server.notAnswered)" : ""))
    }

    private var endpoints: [Endpoint] {
        address.map { [Endpoint($0, port: Port(port))] } ?? EchoServer.everywhere(port: Port(port))
    }
}
