// SPDX-License-Identifier: Apache-2.0

import Addresses
import ArgumentParser
import Documents
import LinuxSystem
import TerminalKit
import Workload

struct ClientCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client",
        abstract: "Send UDP or TCP requests at a fixed rate and measure their round trips.",
        discussion: """
            Requests are evenly spaced and are sent on time whether or not earlier ones were answered. Each carries a \
            random id in the first 4 bytes of its payload, and bytes that the reply must return unchanged. Over TCP the \
            length follows the id, and requests rotate over connections that stay open.

            Examples:
              p4netintel client 400 --to 10.0.2.2 --duration 10
              p4netintel client 1000 --to fd00:2::2 --protocol tcp --connections 4 --csv requests.csv

            Exit codes: 0 replies came; 1 no reply came; 64 wrong usage.
            """)

    @Argument(help: "Requests per second, above 0, at most 1000000.")
    var rate: Double

    @Option(help: ArgumentHelp("The server: an IPv4 or IPv6 address, or a name.", valueName: "host"))
    var to = "10.0.2.2"

    @Option(help: "Port of the server, 1 to 65535.")
    var port: UInt16 = 1234

    @Option(name: .customLong("protocol"), help: "Transport protocol.")
    var transport = TransportProtocol.udp

    @Option(help: "TCP connections that requests rotate over.")
    var connections = 1

    @Option(help: "Requests to send back to back; the bursts are evenly spaced.")
    var burst = 1

    @Option(help: "Seconds to send for.")
    var duration: Double = 30

    @Option(help: "Bytes of a request, including the id.")
    var size: Int = 64

    @Option(help: "Seconds to wait for a reply.")
    var timeout: Double = 1

    @Option(help: ArgumentHelp("Write a CSV file with one row per request.", valueName: "file"))
    var csv: String?

    @Flag(help: "Print the result as one JSON object.")
    var json = false

    func validate() throws {
        try ValidationError.unless("RATE", rate, isAboveZeroUpTo: 1e6)
        guard IPAddress(to) != nil || to.contains(where: \.isLetter) && !to.contains(":") else {
            throw ValidationError("--to must be an IPv4 or IPv6 address, or a name, got '\(to)'")
        }
        try ValidationError.unless("--port", port, isIn: 1...65535)
        try ValidationError.unless("--duration", duration, isAboveZeroUpTo: 1e6, " seconds")
        try ValidationError.unless("--timeout", timeout, isAboveZeroUpTo: 3600, " seconds")
        try ValidationError.unless("--connections", connections, isIn: ClientConfiguration.connectionRange)
        try ValidationError.unless("--burst", burst, isIn: ClientConfiguration.burstRange)
        try ValidationError.unless(
            "--size", size, isIn: ClientConfiguration.payloadRange(transport), " bytes over \(transport)")
    }

    private func server() throws -> IPAddress { try IPAddress(to) ?? HostName.address(of: to) }

    func run() throws {
        let interruption = try SignalDescriptor([.interrupt, .terminate])
        var settings = ClientConfiguration(
            destination: Endpoint(try server(), port: Port(port)), rate: rate, duration: duration)
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
