// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Documents
import LinuxSystem
import TerminalKit
import Workload

struct ClientCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client",
        abstract: "Send requests over UDP or TCP at a fixed rate and time their replies.",
        discussion: """
            Requests are evenly spaced and leave at their time whether or not earlier ones were answered. Each \
            carries a random id in the first 4 bytes of its payload, and bytes that a reply must bring back unchanged. Over \
            TCP its length follows the id, and requests take turns on connections that stay open.

            Exits with 1 if no reply came at all.
            """)

    @Argument(help: "Requests a second, above 0, up to 1000000.")
    var rate: Double

    @Option(help: ArgumentHelp("Address of the server, IPv4 or IPv6; names are not looked up.", valueName: "address"))
    var to: NetworkAddress = NetworkAddress("10.0.2.2") ?? .v4(.loopback)

    @Option(help: "Port of the server, from 1 to 65535.")
    var port: UInt16 = 1234

    @Option(name: .customLong("protocol"), help: "udp or tcp.")
    var transport = TransportProtocol.udp

    @Option(help: "TCP connections that requests take turns on.")
    var connections = 1

    @Option(help: "Requests that leave together; the bursts are evenly spaced.")
    var burst = 1

    @Option(help: "Seconds to send for.")
    var duration: Double = 30

    @Option(help: "Bytes of a request, the id included.")
    var size: Int = 64

    @Option(help: "Seconds to wait for a reply.")
    var timeout: Double = 1

    @Option(help: ArgumentHelp("Write a row for each request to this file.", valueName: "file"))
    var csv: String?

    @Flag(help: "Print the result as one JSON object.")
    var json = false

    func validate() throws {
        guard rate > 0, rate <= 1_000_000 else { throw ValidationError("RATE is a number above 0, up to 1000000") }
        guard port > 0 else { throw ValidationError("--port is from 1 to 65535") }
        guard duration > 0, duration <= 1e6 else { throw ValidationError("--duration is from above 0 to 1000000 s") }
        guard timeout > 0, timeout <= 3600 else { throw ValidationError("--timeout is from above 0 to 3600 seconds") }
        guard ClientConfiguration.connectionRange.contains(connections) else {
            throw ValidationError("--connections is from 1 to \(ClientConfiguration.connectionRange.upperBound)")
        }
        guard ClientConfiguration.burstRange.contains(burst) else {
            throw ValidationError("--burst is from 1 to \(ClientConfiguration.burstRange.upperBound)")
        }
        let sizes = ClientConfiguration.payloadRange(transport)
        guard sizes.contains(size) else {
            throw ValidationError("--size is from \(sizes.lowerBound) to \(sizes.upperBound) bytes over \(transport)")
        }
    }

    func run() throws {
        let interruption = try SignalDescriptor([.interrupt, .terminate])
        var settings = ClientConfiguration(
            destination: SocketEndpoint(to, port: port), rate: rate, duration: duration)
        settings.transport = transport
        settings.connections = connections
        settings.burst = burst
        settings.payloadBytes = size
        settings.timeout = timeout
        var client = try Client(settings)
        var log = try csv.map { try RequestLog(path: $0) }
        var progress = ProgressLine()
        let report = try client.run(stop: interruption.number) { outcome in
            log?.add(outcome)
        } onProgress: { report in
            progress.show("\(report.sent) sent, \(report.replied) replies, \(report.lost) lost")
        }
        progress.finish()
        try log?.finish()
        Terminal.print(
            json ? try JSONText.line(ClientSummary(report)) : ClientSummary(report).text(settings.destination))
        if report.replied == 0 { throw ExitCode.failure }
    }
}
