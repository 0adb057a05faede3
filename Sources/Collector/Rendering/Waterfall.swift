// SPDX-License-Identifier: Apache-2.0

import Addresses
public import Journeys
public import TextLayout

/// One journey drawn over time: a line for each part, with a bar where it began and for as long as it took. Parts
/// within another are indented below it.
///
/// The time that a packet spent on the server's link, known only as the sum of both directions, is drawn before the
/// host's.
public struct Waterfall: Sendable {
    /// The journey that is drawn.
    public var journey: Journey
    /// Names of switches and hosts.
    public var names: PlaceNames
    /// Columns of the terminal; fewer than 60 are taken as 60.
    public var width: Int
    /// Whether the bars are coloured.
    public var style: TextStyle

    /// A drawing of one journey.
    public init(_ journey: Journey, names: PlaceNames = PlaceNames(), width: Int = 100, style: TextStyle = .plain) {
        self.journey = journey
        self.names = names
        self.width = width
        self.style = style
    }

    /// The heading and a line per part, none wider than `width`.
    public var lines: [String] {
        let parts = journey.parts
        let labels = parts.map { ($0.isWithin || $0.isBeside ? "  " : "") + $0.kind.name(names) }
        let labelWidth = labels.map(\.count).max() ?? 0
        let barWidth = max(max(width, 60) - labelWidth - Self.valueWidth - 3, 10)
        let scale = parts.scale
        var end = Nanoseconds.zero
        // Where the next part within the last one begins.
        var inner = Nanoseconds.zero
        var lines = [style.paint(heading, .bold)]
        for (part, label) in zip(parts, labels) {
            let start = part.isWithin ? inner : end
            let bar = Self.bar(from: start, for: part.duration ?? 0, scale: scale, width: barWidth)
            inner = part.isWithin ? start + (part.duration ?? 0) : start
            if !part.isWithin, !part.isBeside { end = start + (part.duration ?? 0) }
            lines.append(
                label.leftAligned(labelWidth) + " " + style.paint(bar, Self.ink(part.kind)) + "  " + value(of: part))
        }
        return lines
    }

    /// Room for `microseconds us`.
    private static let valueWidth = 12

    private var heading: String {
        var text = "request \(JourneyLine.identifier(journey))  \(journey.flow)  level \(journey.encoding.variant)"
        if let total = journey.total { text += "  \(DurationText.microseconds(total)) us" }
        if !journey.isComplete { text += "  incomplete: \(journey.missing.names.joined(separator: ", "))" }
        return text
    }

    private func value(of part: JourneyPart) -> String {
        if let duration = part.duration {
            return (DurationText.microseconds(duration) + " us").rightAligned(Self.valueWidth)
        }
        if part.absence == .clocksDisagree {
            return style.paint("clocks differ".rightAligned(Self.valueWidth), .dim)
        }
        guard let index = part.hopIndex else { return style.paint("-".rightAligned(Self.valueWidth), .dim) }
        let depth = journey.hops[index].enqueueDepth.map { "queue \($0)" } ?? "-"
        return depth.rightAligned(Self.valueWidth)
    }

    /// At least one column for whatever took any time, and never past the end.
    private static func bar(from start: Nanoseconds, for duration: Nanoseconds, scale: Nanoseconds, width: Int)
        -> String
    {
        func column(_ time: Nanoseconds) -> Int {
            Int((time.microseconds / scale.microseconds * Double(width)).rounded())
        }
        let first = min(column(start), width - 1)
        let length = duration == 0 ? 0 : max(1, min(column(start + duration), width) - first)
        return (String.blanks(first) + String(repeating: "█", count: length)).leftAligned(width)
    }

    private static func ink(_ kind: JourneyPart.Kind) -> Ink {
        switch kind {
        case .hop: .cyan
        case .link, .serverLink, .serverLinkOneWay, .lateLink, .clientLink, .directLink: .blue
        case .host, .hostSpan, .reply, .replyWait, .acknowledgement, .clientStack: .green
        }
    }
}
