// SPDX-License-Identifier: Apache-2.0

import Addresses
public import Journeys
public import TextLayout

/// One journey on one line, in columns of fixed width.
public enum JourneyLine {
    /// The line, without its end.
    public static func text(_ journey: Journey, names: PlaceNames, style: TextStyle) -> String {
        let total = journey.total.map { DurationText.microseconds($0) + " us" } ?? "-"
        let host = journey.host?.duration.map { DurationText.microseconds($0) + " us" } ?? "-"
        let columns = [
            WallClock(journey.time).timeOfDay,
            style.paint(identifier(journey), .bold),
            "\(journey.flow)".leftAligned(35),
            "L\(journey.encoding.variant)",
            "\(journey.hops.count) hops".rightAligned(7),
            "\(journey.telemetrySize) B".rightAligned(6),
            total.rightAligned(12),
            "host " + host.rightAligned(12),
            style.paint(way(journey, names), .cyan),
        ]
        let asked = journey.identity.map { [style.paint("\($0)", .bold)] } ?? []
        let unexpected = journey.unexpectedNodes.map { $0.name(names) }.joined(separator: ", ")
        let mark = unexpected.isEmpty ? [] : [style.paint("unexpected: \(unexpected)", .red)]
        let line = (columns + asked + mark).joined(separator: "  ")
        if journey.isComplete, journey.returnedLate { return line + "  " + style.paint("returned late", .yellow) }
        return journey.isComplete
            ? line : line + "  " + style.paint(journey.missing.names.joined(separator: ","), .yellow)
    }

    /// The columns' names.
    static func heading(_ style: TextStyle) -> String {
        let columns = [
            "time, UTC".leftAligned(12), "request".leftAligned(8), "from>to".leftAligned(35), "level",
            "hops".rightAligned(4), "added".rightAligned(6), "in all".rightAligned(12), "server".rightAligned(17),
            "us in each switch, or q and its queue's depth",
        ]
        return style.paint(columns.joined(separator: "  "), .dim)
    }

    /// Eight hexadecimal digits, or as many dashes.
    static func identifier(_ journey: Journey) -> String {
        guard let id = journey.distinctID else { return "--------" }
        let digits = String(id, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// Microseconds in each switch, or the depth of its queue where there are no times.
    private static func way(_ journey: Journey, _ names: PlaceNames) -> String {
        func text(_ hops: ArraySlice<HopMeasurement>) -> String {
            hops.map { hop in
                let depth = hop.enqueueDepth.map { "q\($0)" } ?? "-"
                return "\(names.name(of: hop.switchID)) "
                    + (hop.timeInSwitch.map(DurationText.shortMicroseconds) ?? depth)
            }.joined(separator: " > ")
        }
        guard journey.requestHopCount != nil else { return "? " + text(journey.hops[...]) }
        let atServer = journey.host == nil ? "" : names.server
        return [text(journey.requestPath), atServer, text(journey.returnPath)].filter { !$0.isEmpty }.joined(
            separator: " > ")
    }
}
