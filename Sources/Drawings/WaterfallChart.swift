// SPDX-License-Identifier: Apache-2.0

internal import Journeys

/// A row per part: its name, a bar where it began and for as long as it took, and its time.
struct WaterfallChart {
    let parts: [JourneyPart]
    let names: PlaceNames

    private static let labelWidth = 190.0
    private static let valueWidth = 86.0
    private static let axisHeight = 22.0
    /// From this number of rows on they are closer to each other.
    private static let many = 26

    private static let left = JourneyPicture.margin + labelWidth
    private static let plotWidth = JourneyPicture.width - JourneyPicture.margin - valueWidth - left

    private var rowHeight: Double { parts.count < Self.many ? 20 : 16 }
    private var barHeight: Double { parts.count < Self.many ? 13 : 10 }
    private var fontSize: Double { parts.count < Self.many ? 12.5 : 11 }

    var height: Double { Double(parts.count) * rowHeight + Self.axisHeight }

    private var total: Nanoseconds { parts.scale }

    func draw(below top: Double, in drawing: inout SVGDrawing) {
        drawGrid(below: top, in: &drawing)
        for (row, (part, start)) in zip(parts, starts).enumerated() {
            draw(part, from: start, y: top + (Double(row) + 0.5) * rowHeight, in: &drawing)
        }
    }

    /// When each part began; the time of a server's link that is known only for both directions
    /// together comes before the host's.
    private var starts: [Nanoseconds] {
        var end = Nanoseconds.zero
        var inner = Nanoseconds.zero
        return parts.map { part in
            let start = part.isWithin ? inner : end
            let stop = start + (part.duration ?? 0)
            inner = part.isWithin ? stop : start
            if !part.isWithin, !part.isBeside { end = stop }
            return start
        }
    }

    private func draw(_ part: JourneyPart, from start: Nanoseconds, y: Double, in drawing: inout SVGDrawing) {
        let isInner = part.isWithin || part.isBeside
        drawing.text(
            part.kind.name(names), at: (JourneyPicture.margin + (isInner ? 16 : 0), y + 4), anchor: .start,
            size: fontSize,
            color: isInner ? Colors.faintInk : Colors.ink)
        guard let duration = part.duration else {
            drawing.text("-", at: (JourneyPicture.width - JourneyPicture.margin, y + 4), anchor: .end, size: fontSize)
            return
        }
        let height = isInner ? barHeight - 4 : barHeight
        drawing.rectangle(
            (x(start), y - height / 2), width: max(x(start + duration) - x(start), 2), height: height,
            color: Colors.of(part.kind), rounding: 2, opacity: isInner ? 0.6 : 1)
        drawing.text(
            JourneyPicture.microseconds(duration) + " us", at: (JourneyPicture.width - JourneyPicture.margin, y + 4),
            anchor: .end,
            size: fontSize, fixed: true, color: isInner ? Colors.faintInk : Colors.ink)
    }

    private func x(_ time: Nanoseconds) -> Double {
        Self.left + time.microseconds / total.microseconds * Self.plotWidth
    }

    private func drawGrid(below top: Double, in drawing: inout SVGDrawing) {
        let bottom = top + Double(parts.count) * rowHeight
        for time in ticks {
            drawing.line((x(time), top), (x(time), bottom), color: Colors.grid)
            drawing.text(
                time == 0 ? "0" : "\(time.count / 1000) us", at: (x(time), bottom + 16), size: 11,
                color: Colors.faintInk)
        }
    }

    /// The multiples, up to the end, of a round number of at least 1 us that divides the time into at most seven steps.
    private var ticks: [Nanoseconds] {
        let steps = sequence(first: (unit: Nanoseconds(1000), factor: 1)) { step in
            step.factor == 5 ? (Self.times(step.unit, 10), 1) : (step.unit, step.factor == 1 ? 2 : 5)
        }
        for step in steps {
            let width = Self.times(step.unit, step.factor)
            if total <= Self.times(width, 8) {
                return (0...7).map { Self.times(width, $0) }.filter { $0 <= total }
            }
        }
        return []
    }

    private static func times(_ time: Nanoseconds, _ count: Int) -> Nanoseconds {
        repeatElement(time, count: count).reduce(0, +)
    }
}
