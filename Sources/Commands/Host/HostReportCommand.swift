// SPDX-License-Identifier: Apache-2.0

import Addresses
import ArgumentParser
import Documents
import HostAgent
import LinuxSystem
import RequestParsing
import TerminalKit

struct HostReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Report what requests with telemetry ask for to a collector, as long as it runs.",
        discussion: """
            The programs of 'host attach' copy the first bytes of each request that carries telemetry; this agent reads them \
            by the rule of the server's port and sends the collector a datagram (docs/reference/host-report.md), which \
            'monitor --host-reports' joins to the journey. It reports requests without a reply, and replies without room for \
            their telemetry, too. It runs until Ctrl-C. Killing it harms nothing: requests flow on, \
            and the programs stop looking within 3 seconds.

            A rule is PORT=http, grpc, dns, redis, traceparent or off. HTTP and gRPC give method and path: +query adds the \
            query, +no-path leaves the path out, +max=64 limits it. Keys and values of Redis are never reported. Defaults: 53 \
            dns; 80, 8000 and 8080 http; 6379 redis; 50051 grpc. Other requests are known by connection and number. \
            Needs root.

            Examples:
              p4netintel host report --interface eth0 --to 10.0.3.2:9555
              p4netintel host report --interface eth0 --to 10.0.3.2:9555 --identity 9000=http+query --identity 80=off

            Exit codes: 0 ended by Ctrl-C; 1 nothing is attached, or it cannot be read; 64 wrong usage.
            """)

    @OptionGroup var place: HostInterface

    @Option(help: ArgumentHelp("The collector that reports go to.", valueName: "address:port"))
    var to: Endpoint

    @Option(help: ArgumentHelp("How requests to a port are read; may be repeated.", valueName: "port=rule"))
    var identity: [String] = []

    @Option(help: ArgumentHelp("Bytes captured of each request, 16 to 1024.", valueName: "bytes"))
    var snapLength = 512

    @Option(
        help: ArgumentHelp(
            "A reply over TCP is complete when the client has acknowledged all of it and nothing more has left for this long: "
                + "10 to 10000 ms.", valueName: "ms"))
    var replyQuiet: UInt64 = 250

    @Option(
        help: ArgumentHelp(
            "Report a request without a reply as unanswered after this time, 1 to 300.", valueName: "seconds"))
    var unansweredAfter = 5

    /// The former name of `--snap-length`.
    @Option(name: .customLong("look"), help: .hidden)
    var look: Int?

    func validate() throws {
        try ValidationError.unless(
            "--snap-length", look ?? snapLength, isIn: HostReporter.Settings.snapLengths, " bytes")
        try ValidationError.unless("--reply-quiet", Int(clamping: replyQuiet), isIn: 10...10_000, " ms")
        try ValidationError.unless("--unanswered-after", unansweredAfter, isIn: HostReporter.Settings.waits, " seconds")
        _ = try rules()
    }

    private func rules() throws -> IdentityRules {
        var rules = IdentityRules()
        do throws(InputError) {
            for text in identity { try rules.set(text) }
        } catch {
            throw ValidationError("\(error.located(at: .option("--identity")))")
        }
        return rules
    }

    func run() throws {
        let interruption = try SignalDescriptor([.interrupt, .terminate])
        var settings = HostReporter.Settings(to: to)
        settings.rules = try rules()
        settings.snapLength = look ?? snapLength
        settings.replyQuiet = replyQuiet * 1_000_000
        settings.unansweredAfter = unansweredAfter
        var reporter = try HostReporter(place.host, settings)
        Terminal.say("reporting requests on \(place.interface) to \(to); press Ctrl-C to stop")
        try reporter.run(until: interruption.number)
        let counts = reporter.counts
        Terminal.say(
            "\(counts.sent) reports sent, \(counts.refused) refused by the network, \(counts.lost) events lost")
        Terminal.say(
            "requests without telemetry in a reply: \(counts.unanswered) unanswered, \(counts.noRoom) without room, "
                + "\(counts.givenUp) given up, \(counts.unclear) unclear")
    }
}
