// SPDX-License-Identifier: Apache-2.0

internal import Journeys

/// The path of a journey from left to right: the request in the upper lane, the reply in the lower one. Places are
/// boxes; a switch that both pass at the same position is one box. The longer a part took, the stronger its colour.
struct JourneyPath {
    let parts: [JourneyPart]
    let names: PlaceNames

    static let height = 132.0
    /// Distance of each lane from the middle.
    private static let lane = 30.0
    private static let boxHeight = 112.0

    func draw(below top: Double, in drawing: inout SVGDrawing) {
        let middle = top + Self.height / 2
        drawLinks(middle, in: &drawing)
        drawPlaces(middle, in: &drawing)
    }

    // MARK: Places

    /// The switches of a direction, in the order of travel.
    private func switches(_ direction: JourneyPart.Direction) -> [SwitchID] {
        parts.compactMap { part in
            if case .hop(let id, direction) = part.kind { id } else { nil }
        }
    }

    private var out: [SwitchID] { switches(.out) }
    private var back: [SwitchID] { switches(.back) }
    private var isSymmetric: Bool { out == back.reversed() }

    private func time(of matches: (JourneyPart.Kind) -> Bool) -> Nanoseconds? {
        parts.first { matches($0.kind) }?.duration
    }

    private var total: Double { parts.scale.microseconds }

    /// How strong the colour of a part is, from its share of all time.
    private func strength(_ time: Nanoseconds?) -> Double { 0.12 + 0.63 * share(time).squareRoot() }

    private func share(_ time: Nanoseconds?) -> Double { (time ?? 0).microseconds / total }

    private var boxWidth: Double { min(96, max(46, (columnDistance * 0.56).rounded())) }

    private var columnDistance: Double {
        (JourneyPicture.width - 2 * JourneyPicture.margin) / Double(max(out.count, back.count) + 2)
    }

    private func column(_ index: Int, of count: Int) -> Double {
        let first = JourneyPicture.margin + columnDistance / 2
        let last = JourneyPicture.width - JourneyPicture.margin - columnDistance / 2
        return first + (last - first) * Double(index) / Double(count + 1)
    }

    private func drawPlaces(_ middle: Double, in drawing: inout SVGDrawing) {
        drawHost(
            names.client, .clientStack(.out), .clientStack(.back), Colors.client, x: column(0, of: 0), middle,
            in: &drawing)
        for (index, id) in out.enumerated() {
            drawHalf(id, .out, x: column(index + 1, of: out.count), middle, in: &drawing)
        }
        for (index, id) in back.reversed().enumerated() {
            drawHalf(id, .back, x: column(index + 1, of: back.count), middle, in: &drawing)
        }
        drawServer(x: column(1, of: 0), middle, in: &drawing)
    }

    /// A direction's half of a switch's box: a shade for its time. Both halves have one frame and one name if the
    /// reply passes the same switches as the request.
    private func drawHalf(
        _ id: SwitchID, _ direction: JourneyPart.Direction, x: Double, _ middle: Double, in drawing: inout SVGDrawing
    ) {
        let time = time { $0 == .hop(id, direction) }
        let isUpper = direction == .out
        let gap = isSymmetric ? 0.0 : 4.0
        let height = Self.boxHeight / 2 - gap
        let corner = (x - boxWidth / 2, isUpper ? middle - Self.boxHeight / 2 : middle + gap)
        if isSymmetric {
            drawing.half(
                corner, width: boxWidth, height: height, color: Colors.hop, rounding: 7, isUpper: isUpper,
                opacity: strength(time))
            drawing.text(Self.text(time, unit), at: (x, corner.1 + height / 2 + (isUpper ? -2 : 11)), size: fontSize)
            guard !isUpper else { return }
            drawing.frame(
                (corner.0, middle - Self.boxHeight / 2), width: boxWidth, height: Self.boxHeight, color: Colors.hop,
                rounding: 7, lineWidth: 1.2)
            drawing.text(names.name(of: id), at: (x, middle + 5), size: 14, bold: true)
        } else {
            drawing.rectangle(
                corner, width: boxWidth, height: height, color: Colors.hop, rounding: 7, opacity: strength(time))
            drawing.frame(corner, width: boxWidth, height: height, color: Colors.hop, rounding: 7, lineWidth: 1.2)
            drawing.text(names.name(of: id), at: (x, corner.1 + height / 2 - 3), size: 13, bold: true)
            drawing.text(Self.text(time, unit), at: (x, corner.1 + height / 2 + 13), size: fontSize)
        }
    }

    private func drawHost(
        _ name: String, _ out: JourneyPart.Kind, _ back: JourneyPart.Kind, _ color: Paint, x: Double, _ middle: Double,
        in drawing: inout SVGDrawing
    ) {
        let times = [time { $0 == out }, time { $0 == back }]
        drawBox(color, opacity: strength(times.compactMap { $0 }.max()), x: x, middle, in: &drawing)
        drawing.text(name, at: (x, middle + 5), size: nameSize, bold: true)
        for (time, y) in zip(times, [middle - Self.lane + 4, middle + Self.lane + 4]) where time != nil {
            drawing.text(Self.text(time, unit), at: (x, y), size: fontSize)
        }
    }

    private func drawServer(x: Double, _ middle: Double, in drawing: inout SVGDrawing) {
        let time = time { $0 == .host }
        drawBox(Colors.host, opacity: strength(time), x: x, middle, in: &drawing)
        drawing.text(names.server, at: (x, middle - 3), size: nameSize, bold: true)
        drawing.text(Self.text(time, unit), at: (x, middle + 13), size: fontSize)
    }

    private func drawBox(
        _ color: Paint, opacity: Double, x: Double, _ middle: Double, in drawing: inout SVGDrawing
    ) {
        let corner = (x - boxWidth / 2, middle - Self.boxHeight / 2)
        drawing.rectangle(
            corner, width: boxWidth, height: Self.boxHeight, color: color, rounding: 7, opacity: opacity)
        drawing.frame(
            corner, width: boxWidth, height: Self.boxHeight, color: color, rounding: 7, lineWidth: 1.2)
    }

    private var isNarrow: Bool { columnDistance < 110 }
    private var fontSize: Double { isNarrow ? 11 : 12 }
    private var nameSize: Double { isNarrow ? 12 : 14 }
    /// Left out where there is no room; the waterfall has it.
    private var unit: String { isNarrow ? "" : " us" }

    private static func text(_ time: Nanoseconds?, _ unit: String) -> String {
        time.map { JourneyPicture.microseconds($0) + unit } ?? ""
    }
}

// MARK: Links

extension JourneyPath {
    private func drawLinks(_ middle: Double, in drawing: inout SVGDrawing) {
        for index in 0...out.count {
            let ends = (column(index, of: out.count), column(index + 1, of: out.count))
            drawArrow(from: ends.0, to: ends.1, y: middle - Self.lane, linkTime(index, .out), in: &drawing)
        }
        for index in 0...back.count {
            let ends = (column(back.count + 1 - index, of: back.count), column(back.count - index, of: back.count))
            drawArrow(from: ends.0, to: ends.1, y: middle + Self.lane, linkTime(index, .back), in: &drawing)
        }
    }

    /// The time of a direction's link after `index` switches.
    private func linkTime(_ index: Int, _ direction: JourneyPart.Direction) -> Nanoseconds? {
        let ids = direction == .out ? out : back
        return time { kind in
            switch kind {
            case .link(let from, let to, direction):
                index > 0 && index < ids.count && ids[index - 1] == from && ids[index] == to
            case .clientLink(let id, direction):
                direction == .out ? index == 0 && ids.first == id : index == ids.count && ids.last == id
            case .serverLinkOneWay(let id, direction):
                direction == .out ? index == ids.count && ids.last == id : index == 0 && ids.first == id
            case .lateLink(let id): direction == .back && (id == nil ? ids.isEmpty : index == 0 && ids.first == id)
            case .directLink(direction): ids.isEmpty
            default: false
            }
        }
    }

    /// Between the edges of two boxes, with its time in between.
    private func drawArrow(
        from start: Double, to end: Double, y: Double, _ time: Nanoseconds?, in drawing: inout SVGDrawing
    ) {
        let sign = end > start ? 1.0 : -1.0
        let (tail, tip) = (start + sign * (boxWidth / 2 + 3), end - sign * (boxWidth / 2 + 3))
        let thickness = 1.5 + 5 * share(time).squareRoot()
        let head = 5 + thickness
        drawing.line((tail, y), (tip - sign * head, y), color: Colors.link, width: thickness)
        drawing.polygon(
            [(tip, y), (tip - sign * head, y - head * 0.6), (tip - sign * head, y + head * 0.6)], color: Colors.link)
        drawing.text(
            Self.text(time, unit), at: ((tail + tip) / 2, sign > 0 ? y - 9 : y + 18), size: fontSize,
            color: Colors.faintInk)
    }
}
