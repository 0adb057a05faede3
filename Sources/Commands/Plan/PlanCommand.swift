// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Documents
import TelemetryFormats
import TerminalKit

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Choose level and sampling from a budget of bytes.",
        discussion: """
            For a path of so many switches each way and packets of so many bytes: what every level weighs, how few requests \
            may be followed for the budget to hold, whether the longest frame fits the MTU, and how exact what is known \
            will be. `p4netintel monitor` shows the overhead that really was.
            """)

    @Option(help: "Switches between client and server.")
    var hops = 3

    @Option(help: ArgumentHelp("Bytes of a request or reply, Ethernet header included.", valueName: "bytes"))
    var packet = 300

    @Option(help: "Requests a second, such as 400 or 1e6.")
    var rate: Double = 400

    @Option(help: ArgumentHelp("Telemetry's share of the bytes on the links, such as 1% or 0.01.", valueName: "share"))
    var budget = Share(value: 0.01)

    @Option(help: ArgumentHelp("Of the links, without the Ethernet header.", valueName: "bytes"))
    var mtu = 1500

    @Option(
        help: ArgumentHelp(
            "How exact p99 must be after one second, in percentiles: 0.5 takes p98.5 to p99.5 for p99.",
            valueName: "percentiles"))
    var precision = 0.5

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard (1...20).contains(hops) else { throw ValidationError("--hops is from 1 to 20") }
        guard (60...9230).contains(packet) else { throw ValidationError("--packet is from 60 to 9230 bytes") }
        guard rate > 0, rate <= 1e9 else { throw ValidationError("--rate is a number above 0, up to 1e9") }
        guard (576...9216).contains(mtu) else { throw ValidationError("--mtu is from 576 to 9216") }
        guard packet <= mtu + 14 else { throw ValidationError("a packet of \(packet) bytes does not fit --mtu \(mtu)") }
        guard precision > 0, precision <= 50 else { throw ValidationError("--precision is from above 0 to 50") }
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

/// A share of a whole: `1%` or `0.01`.
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
