// SPDX-License-Identifier: Apache-2.0

import Addresses
import ArgumentParser
import Collector
import Journeys

/// Which journeys `monitor` shows and writes.
struct FilterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Show journeys from or to this address or prefix only; may be repeated.", valueName: "address"),
        transform: Self.prefix)
    var host: [IPPrefix] = []

    @Option(help: ArgumentHelp("Show journeys from or to this port only; may be repeated.", valueName: "port"))
    var port: [UInt16] = []

    @Option(
        name: .customLong("switch"),
        help: ArgumentHelp("Show journeys through the switch with this id only; may be repeated.", valueName: "id"))
    var switches: [UInt32] = []

    @Option(
        help: ArgumentHelp(
            "Show journeys that took longer only, such as 500us, 2ms or 1s.", valueName: "duration"),
        transform: Self.duration)
    var slowerThan: Nanoseconds?

    @Flag(help: "Show incomplete journeys only.")
    var incomplete = false

    @Flag(help: "Show journeys with a switch or host that --expect does not name only.")
    var unexpected = false

    @Option(help: ArgumentHelp("Show the slowest of each second only, slowest first.", valueName: "count"))
    var top: Int?

    func validate() throws {
        try ValidationError.unless("--top", top, isIn: 1...1000)
    }

    private static func prefix(_ text: String) throws -> IPPrefix {
        do {
            return try IPPrefix(network: text)
        } catch {
            throw ValidationError("\(error)")
        }
    }

    private static func duration(_ text: String) throws -> Nanoseconds {
        guard let time = LinkDelay(portValue: text).flatMap({ Nanoseconds(measured: $0.nanoseconds) }) else {
            throw ValidationError("must be \(LinkDelay.allowed), got '\(text)'")
        }
        return time
    }

    /// `sink` with the filters in front of it.
    /// - Parameter usualTop: `--top` where it is not given; nil: all journeys.
    func filter(_ sink: any JourneySink, top usualTop: Int? = nil) -> any JourneySink {
        var filter = JourneyFilter()
        filter.hosts = host
        filter.ports = port.map { Port($0) }
        filter.switches = switches.map { SwitchID(rawValue: $0) }
        filter.slowerThan = slowerThan
        filter.isIncomplete = incomplete
        filter.isUnexpected = unexpected
        let inner = (top ?? usualTop).map { SlowestSink($0, sink) as any JourneySink } ?? sink
        return filter == JourneyFilter() ? inner : FilteringSink(filter, inner)
    }
}
