// SPDX-License-Identifier: Apache-2.0

public import Journeys
public import TextLayout

/// Journeys as lines for people, one per journey, and the summary at the end.
public final class TextSink: JourneySink {
    private let style: TextStyle
    private let names: PlaceNames
    private let print: (String) -> Void
    private var budget: LineBudget
    private var headingIsPrinted = false

    /// - Parameters:
    ///   - linesPerSecond: journeys that are printed per second; the others are counted, and a line says so. nil: all.
    ///   - print: accepts one line without its end.
    public init(
        style: TextStyle = .plain, names: PlaceNames = PlaceNames(), linesPerSecond: Int? = nil,
        print: @escaping (String) -> Void
    ) {
        self.style = style
        self.names = names
        self.print = print
        budget = LineBudget(linesPerSecond: linesPerSecond)
    }

    /// Always nil: whoever prints the lines reports failures.
    public var failure: CollectorError? { nil }

    /// Prints the journey's line if there is room for it in this second.
    public func accept(_ journey: Journey) {
        guard budget.admit() else { return }
        if !headingIsPrinted { print(JourneyLine.heading(style)) }
        headingIsPrinted = true
        print(JourneyLine.text(journey, names: names, style: style))
    }

    /// Ends a second: reports the journeys that were not printed in it.
    public func flush(_ view: JourneyView) { reportHeldBack(journeys: view.counts.journeys) }

    /// Prints the summary.
    public func finish(_ summary: Summary) {
        reportHeldBack(journeys: summary.counts.journeys)
        for line in summary.lines(names: names, style: style) { print(line) }
    }

    private func reportHeldBack(journeys: UInt64) {
        let heldBack = budget.endOfSecond()
        guard heldBack > 0 else { return }
        print(style.paint("… \(heldBack) more journeys in this second, \(journeys) in all", .dim))
    }
}
