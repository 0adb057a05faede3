// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinuxSystem
import Testing
import ThrowawayPlaces

/// Experiments on the binary, short ones.
@Suite(.serialized, .needsRoot) struct ExperimentRunTests {
    @Test func requestsLeaveTablesPlotsAndASummary() throws {
        let lab = try PrivateTopology()
        let directory = try TemporaryDirectory()
        let file = try directory.write(
            """
            title: Short
            run: requests
            fixed: {topology: \(lab.file), rate: 100}
            vary: {level: [off, 5]}
            also: [{level: 2}]
            repeats: 2
            plots:
              - {file: bytes, shape: bars, table: frames, x: frame, y: telemetry_bytes, series: level}
              - {file: parts, shape: stacked, table: groups, x: level, y: p50_us, series: group}
            """, to: "short.yaml")
        let outcome = try Binary.run("experiment", file, "--duration", "0.5", "--output", directory.path("out"))
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("out/summary.md"))
        let rows = try Rows(directory.text("out/results.csv"))
        #expect(rows.count == 6)
        #expect(rows["requests"].allSatisfy { $0 == "50.0" })
        let frames = try Rows(directory.text("out/frames.csv"))
        #expect(Set(frames["frame"]) == ["3, request", "6, reply"])
        // 4 and 3 or 6 records of 6 or 36 bytes, and the server's 60 on the reply.
        #expect(Set(frames["telemetry_bytes"]) == ["22.0", "100.0", "112.0", "280.0"])
        for table in ["parts.csv", "groups.csv"] { #expect(try Rows(directory.text("out/\(table)")).count > 0) }
        for plot in ["bytes", "parts"] { #expect(directory.text("out/\(plot).svg").contains("</svg>")) }
        let summary = directory.text("out/summary.md")
        for words in [
            "- software: p4netintel ", "- kernel: Linux ", "- processors: ", "- runs: 6 of 6, 2 of each case",
        ] {
            #expect(summary.contains(words))
        }
        #expect(!outcome.errors.contains("\u{1b}"), "a bar is for terminals")
        #expect(lab.leftovers.isEmpty)
    }

    @Test func samplingIsComparedWithTheTruthOfTheSameRun() throws {
        let lab = try PrivateTopology()
        let directory = try TemporaryDirectory()
        let file = try directory.write(
            """
            run: sampling
            fixed: {topology: \(lab.file), rate: 200, burst: 10}
            also: [{level: 5, policy: every}, {level: 3, policy: one_in 10}, {level: 4, policy: in_period 1, decides: each}]
            repeats: 1
            """, to: "short.yaml")
        let outcome = try Binary.run("experiment", file, "--duration", "2", "--output", directory.path("out"))
        #expect(outcome.code == 0, "\(outcome.errors)")
        let rows = try Rows(directory.text("out/results.csv"))
        #expect(rows["truth_journeys"].compactMap(Double.init).allSatisfy { $0 > 300 && $0 <= 400 })
        let journeys = rows["journeys"].compactMap(Double.init)
        #expect(journeys.count == 3 && journeys[0] > 300 && (30...40).contains(journeys[1]) && journeys[2] > 0)
        #expect(rows["latency_p50_error_percent"].compactMap(Double.init).count == 3)
        // Replies of 262 bytes with 4 and 6 records of 6 bytes and the server's 60: 38 %, if none was lost.
        let overhead = try #require(rows["overhead_percent"].first.flatMap(Double.init))
        #expect(abs(overhead - 38.17) < 4)
        #expect(rows["sampling"] == ["every", "one_in 10", "in_period 1, each hop"])
        #expect(lab.leftovers.isEmpty)
    }

    @Test func anInterruptTakesTheLabDownAndKeepsWhatWasMeasured() throws {
        let lab = try PrivateTopology()
        let directory = try TemporaryDirectory()
        let file = try directory.write(
            "fixed: {topology: \(lab.file), rate: 100}\nvary: {level: [off, 1]}\nrepeats: 50", to: "long.yaml")
        let child = try Binary.start(
            ["experiment", file, "--duration", "0.3", "--output", directory.path("out")], in: directory)
        for _ in 0..<600 where !FileManager.default.fileExists(atPath: directory.path("out/results.csv")) {
            _ = try child.wait(milliseconds: 100)
        }
        for _ in 0..<300 where lab.leftovers.isEmpty { _ = try child.wait(milliseconds: 10) }
        child.send(.interrupt)
        #expect(try #require(try child.wait(milliseconds: 60_000)).code == 130)
        #expect(try Rows(directory.text("out/results.csv")).count >= 1)
        #expect(directory.text("out/summary.md").contains(" of 100, 50 of each case"))
        #expect(lab.leftovers.isEmpty)
    }

    @Test func theShippedOnesAreListed() throws {
        let outcome = try Binary.run("experiment")
        #expect(outcome.code == 0)
        let names = outcome.output.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }
        #expect(names == ["host-overhead", "levels", "life-of-a-request", "rate", "sampling"])
    }

    /// A CSV file of simple fields, except for commas within quotes.
    private struct Rows {
        private let columns: [String: [String]]
        let count: Int

        init(_ text: String) throws {
            let all = text.split(separator: "\n").map(Self.fields)
            let names = try #require(all.first)
            let lines = all.dropFirst()
            count = lines.count
            columns = Dictionary(
                uniqueKeysWithValues: names.enumerated().map { index, name in (name, lines.map { $0[index] }) })
        }

        subscript(name: String) -> [String] { columns[name] ?? [] }

        private static func fields(_ line: Substring) -> [String] {
            var fields = [""]
            var isQuoted = false
            for character in line {
                switch character {
                case "\"": isQuoted.toggle()
                case "," where !isQuoted: fields.append("")
                default: fields[fields.count - 1].append(character)
                }
            }
            return fields
        }
    }
}
