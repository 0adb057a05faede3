// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostAgent
import Journeys
import SwitchEngine
import TelemetryFormats
import Testing

@testable import Collector
@testable import SwitchControl

/// The reference pages agree with the code.
@Suite(.serialized) struct ReferenceTests {
    @Test func columnsOfJourneys() throws {
        let page = ReferencePage("columns")
        let part = "csv columns"
        let general = try page.table(
            of: JourneyCSV.columns + JourneyCSV.clientColumns + JourneyCSV.pathColumns, heading: "column", in: part)
        let hops = try page.table(of: JourneyCSV.hopColumns, heading: "column", in: part)
        let hosts = try page.table(of: JourneyCSV.hostColumns, heading: "column", in: part)
        let identities = try page.table(of: JourneyCSV.identityColumns, heading: "column", in: part)
        let replies = try page.table(of: JourneyCSV.replyColumns, heading: "column", in: part)
        let trust = try page.table(of: JourneyCSV.trustColumns, heading: "column", in: part)
        let reply = [
            "",
            "The complete reply over TCP, as the server's agent reports it; times in nanoseconds after the request's arrival at the",
            "server's XDP hook:", "",
        ]
        try page.expect(
            part,
            general + ["", "For hop N from 1 to 20 in the order of travel, with `hopN_` in front:", ""] + hops
                + ["", "The latency breakdown, empty where the server did not measure it:", ""] + hosts
                + [
                    "", "What the server's agent reports ([host-report.md](host-report.md)), empty without its report:",
                    "",
                ]
                + identities + reply + replies + ["", "Last:", ""] + trust)
    }

    @Test func layoutsOfLevels() throws {
        let lines = LevelLayout.all.flatMap { layout in
            let size = "\(layout.recordSize) bytes" + (layout.isChained ? "" : ", without `next_proto`")
            let count = layout.coverage == .oneHop ? ", one record per frame" : ""
            return ["", "Level \(layout.level.rawValue), \(layout.level), \(size)\(count):", ""]
                + Self.wrapped(layout.text)
        }
        try ReferencePage("wire-format").expect("levels", Array(lines.dropFirst()))
    }

    @Test func missingData() throws {
        let page = ReferencePage("reasons")
        try page.expect(
            "missing data",
            page.table(of: MissingData.named.map(\.name), heading: "reason", in: "missing data"))
    }

    @Test func malformedFrames() throws {
        try ReferencePage("reasons").expect(
            "malformed",
            Self.numbered(Malformed.allCases.map { (Int($0.rawValue), $0.name, $0.description) }))
    }

    @Test func hostFrames() throws {
        try ReferencePage("reasons").expect(
            "frame reasons",
            Self.numbered(FrameReason.allCases.map { ($0.rawValue, $0.name, $0.explanation) }))
    }

    @Test func clientFrames() throws {
        try ReferencePage("reasons").expect(
            "client reasons",
            Self.numbered(ClientReason.allCases.map { ($0.rawValue, $0.name, $0.explanation) }))
    }

    @Test func switchDrops() throws {
        let page = ReferencePage("reasons")
        try page.expect(
            "switch drops", page.table(of: DropReason.allCases.map(\.name), heading: "reason", in: "switch drops"))
    }

    @Test func controlCommands() throws {
        let lines = ControlPlane.commands.sorted { $0.key < $1.key }.map { name, command in
            command.form.isEmpty ? name : "\(name) \(command.form)"
        }
        try ReferencePage("control-commands").expect("control commands", ["```"] + lines + ["```"])
    }

    /// A metric appears only while something is attached, so names, types and help are read where they are written.
    @Test func metrics() throws {
        let source = try String(
            contentsOf: ReferencePage.project.appending(path: "Sources/HostAgent/Status/HostMetrics.swift"),
            encoding: .utf8)
        let families = source.matches(of: #/"(p4netintel_host_\w+)",\s*\.(counter|gauge),\s*"([^"]+)"/#)
        #expect(families.count >= 13)
        try ReferencePage("metrics").expect(
            "metrics",
            ["| metric | type | is |", "|---|---|---|"] + families.map { "| `\($0.1)` | \($0.2) | \($0.3) |" })
    }

    /// Words in indented lines.
    private static func wrapped(_ text: String) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + word.count < 112 {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append("    " + word)
            }
        }
        return lines
    }

    private static func numbered(_ rows: [(number: Int, name: String, meaning: String)]) -> [String] {
        ["| number | reason | is |", "|---|---|---|"]
            + rows.sorted { $0.number < $1.number }.map { "| \($0.number) | `\($0.name)` | \($0.meaning) |" }
    }
}
