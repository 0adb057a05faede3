// SPDX-License-Identifier: Apache-2.0

public import Journeys
internal import TextLayout

/// What is going on, as one table that is drawn again every second: counts, the parts' percentiles so far, and the journeys
/// that were passed on in this second. With a `SlowestSink` in front of it these are its slowest.
public final class TableSink: JourneySink {
    private let names: PlaceNames
    private let draw: ([String]) -> Void
    private let print: (String) -> Void
    /// Of this second, or of the last one that had any.
    private var shown: [Journey] = []
    private var recent: [Journey] = []

    /// - Parameters:
    ///   - draw: replaces what was drawn last; accepts lines without their ends.
    ///   - print: accepts one line of the summary.
    public init(
        names: PlaceNames = PlaceNames(), draw: @escaping ([String]) -> Void, print: @escaping (String) -> Void
    ) {
        self.names = names
        self.draw = draw
        self.print = print
    }

    /// Always nil: whoever draws reports failures.
    public var failure: CollectorError? { nil }

    /// Keeps the journey for the next table.
    public func accept(_ journey: Journey) { recent.append(journey) }

    /// Draws the table.
    public func flush(_ view: JourneyView) {
        if !recent.isEmpty { shown = recent }
        recent.removeAll(keepingCapacity: true)
        draw(lines(view))
    }

    /// Clears the table and prints the summary.
    public func finish(_ summary: Summary) {
        draw([])
        for line in summary.lines(names: names, style: .plain) { print(line) }
    }

    private func lines(_ view: JourneyView) -> [String] {
        let counts = view.counts
        var lines = ["\(counts.frames) frames, \(counts.journeys) journeys, \(counts.complete) complete"]
        let rows = view.statistics.rows
        if !rows.isEmpty { lines += [""] + PartTable(rows, names: names).lines }
        guard !shown.isEmpty else { return lines }
        return lines + ["", JourneyLine.heading(.plain)]
            + shown.map { JourneyLine.text($0, names: names, style: .plain) }
    }
}
