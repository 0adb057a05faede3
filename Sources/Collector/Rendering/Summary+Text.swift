// SPDX-License-Identifier: Apache-2.0

public import Journeys
public import TextLayout

extension Summary {
    /// Lines for people.
    public func lines(names: PlaceNames = PlaceNames(), style: TextStyle = .plain) -> [String] {
        var lines = [
            "\(counts.frames) frames: \(counts.journeys) journeys, \(counts.complete) of them complete, "
                + "\(counts.plain) frames without telemetry"
        ]
        if lostFrames > 0 {
            lines.append(style.paint("\(lostFrames) frames lost, as they came faster than they were read", .red))
        }
        lines += unreturnedLines(style)
        lines += counts.byReason.map { style.paint("  \($0.reason): \($0.count)", .yellow) }
        if losses.missing > 0 {
            lines.append(
                style.paint(
                    "  \(losses.missing) requests missing between \(losses.returned): \(losses.lostOut) lost on the way out, "
                        + "\(losses.lostBack) unanswered or lost on the way back", .yellow))
        }
        if losses.restarts > 0 {
            lines.append(style.paint("  restarted numberings of requests: \(losses.restarts)", .yellow))
        }
        if losses.unreported > 0 {
            lines.append(
                style.paint(
                    "  \(losses.unreported) requests came back while nobody read, or too slowly: not lost, but not shown",
                    .yellow))
        }
        lines += overheadLines + paths.lines(names)
        guard !rows.isEmpty else { return lines }
        return lines + PartTable(rows, names: names, style: style).lines
    }

    private func unreturnedLines(_ style: TextStyle) -> [String] {
        var lines: [String] = []
        if counts.notReturned > 0 {
            func count(_ reason: MissingData) -> UInt64 { counts.missing[reason] ?? 0 }
            let late = counts.returnedLate > 0 ? "; \(counts.returnedLate) returned late" : ""
            lines.append(
                "\(counts.notReturned) requests did not return: \(count(.noRoomInReply)) no room, "
                    + "\(count(.unanswered)) unanswered, \(count(.replyLost)) reply lost, "
                    + "\(count(.givenUpAtHost)) given up at the host" + late)
        }
        if unseen > 0 {
            lines.append(
                "\(unseen) requests were answered to clients without any journey: another collector's, or lost")
        }
        return lines.map { style.paint($0, .yellow) }
    }

    private var overheadLines: [String] {
        guard let bytes = overhead.bytesPerTraversal, let share = overhead.share else { return [] }
        let percent = (share * 1000).rounded() / 10
        return [
            "telemetry added \((bytes * 10).rounded() / 10) bytes to a traced packet on average on the links between switches, "
                + "\(percent) % of its own"
        ]
    }
}
