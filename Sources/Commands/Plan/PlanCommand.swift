// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Lab
import Documents
import TelemetryFormats
import TerminalKit

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Choose the telemetry level and the sampling for a budget of bytes.",
        discussion: """
            For each level, prints its bytes per packet, the sampling that keeps telemetry within the budget, whether the \
            longest frame fits the MTU, and how exact the measured percentiles are. `p4netintel monitor` shows the \
            measured overhead.

            Examples:
              p4netintel plan --hops 5 --rate 2000 --budget 0.5%
              p4netintel plan --packet 1400 --mtu 1500 --json

            Exit codes: 0 a level fits; 1 no level's longest frame fits the MTU; 64 wrong usage.
            """)

    @Option(help: "Switches between client and server, 1 to 20.")
    var hops = 3

    @Option(
        help: ArgumentHelp("Bytes of a request or reply, Ethernet header included, 60 to 9230.", valueName: "bytes"))
    var packet = 300

    @Option(help: "Requests per second, such as 400 or 1e6.")
    var rate: Double = 400

    @Option(
        help: ArgumentHelp(
            "Telemetry's highest share of the bytes on the links, such as 1% or 0.01.", valueName: "share"))
    var budget = Share(value: 0.01)

    @Option(help: ArgumentHelp("MTU of the links, without the Ethernet header, 576 to 9216.", valueName: "bytes"))
    var mtu = 1500

    @Option(
        help: ArgumentHelp(
            "How exact p99 must be after one second, in percentiles: 0.5 accepts p98.5 to p99.5 as p99.",
            valueName: "percentiles"))
    var precision = 0.5

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        try ValidationError.unless("--hops", hops, isIn: 1...Shim.maximumCount)
        try ValidationError.unless("--packet", packet, isIn: 60...9230, " bytes")
        try ValidationError.unless("--rate", rate, isAboveZeroUpTo: 1e9)
        try ValidationError.unless("--mtu", mtu, isIn: LabOptions.mtuRange, " bytes")
        guard packet <= mtu + 14 else {
            throw ValidationError("--packet must be at most --mtu plus 14, \(mtu + 14) bytes, got \(packet)")
        }
        try ValidationError.unless("--precision", precision, isAboveZeroUpTo: 50, " percentiles")
    }

    func run() throws {
        let path = Path(hops: hops, packetBytes: packet)
        let plans = TelemetryPlan.all(on: path, rate: rate, budget: budget.value, mtu: mtu)
        let best = TelemetryPlan.best(of: plans, rankError: precision)
        if json {
            Terminal.print(try JSONText.line(PlanDocument(best, among: plans)))
        } else {
            Terminal.print(PlanText.lines(best, among: plans, packetBytes: packet).joined(separator: "\n"))
        }
        guard best != nil else {
            throw CommandError("no level's longest frame fits the MTU: raise --mtu, or shorten packets or path")
        }
    }
}

/// A share, written `1%` or `0.01`.
struct Share: ExpressibleByArgument {
    let value: Double

    init(value: Double) { self.value = value }

    init?(argument: String) {
        let isPercent = argument.hasSuffix("%")
        guard let number = Double(isPercent ? String(argument.dropLast()) : argument) else { return nil }
        value = isPercent ? number / 100 : number
        guard value > 0, value <= 10 else { return nil }
    }

    var defaultValueDescription: String { "\((value * 100).rounded(places: 2))%" }
}
