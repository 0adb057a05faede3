// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import LinuxSystem
import TerminalKit
import Workload

struct ServerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server",
        abstract: "Answer requests over UDP and TCP with what they carry.",
        discussion: """
            As plain an application as can be: every datagram goes back to its sender as it came, and so \
            does every request of a connection once it is whole. It knows nothing of \
            telemetry; `p4netintel host attach` does the host's part beneath it.

            Runs until Ctrl-C, then says how many it answered.
            """)

    @Option(help: "Port to listen on, up to 65535; 0: one that is free.")
    var port: UInt16 = 1234

    @Option(help: ArgumentHelp("Address to listen on; all of both families if none is given.", valueName: "address"))
    var address: NetworkAddress?

    @Option(name: .customLong("protocol"), help: "udp, tcp or both.")
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

    /// A kernel without IPv6 is no reason not to serve IPv4.
    private var endpoints: [SocketEndpoint] {
        if let address { return [SocketEndpoint(address, port: port)] }
        let any = SocketEndpoint(.v6(.any), port: port)
        let hasIPv6 = (try? DatagramSocket(overIPv6: true).bind(to: SocketEndpoint(.v6(.any), port: 0))) != nil
        return [SocketEndpoint(.any, port: port)] + (hasIPv6 ? [any] : [])
    }
}
