// SPDX-License-Identifier: Apache-2.0

import Documents
import Foundation
import Testing
import ThrowawayPlaces

@testable import Experiments

@Suite("Experiments")
struct ExperimentTests {
    private static let text = """
        title: Rates
        run: requests
        fixed: {topology: three-switch}
        vary:
          rate: [400, 1200]
          level: [off, 2]
        repeats: 3
        plots:
          - {file: loss, x: rate, y: lost, series: level}
          - {file: bars, x: rate, y: lost, series: level, shape: bars}
          - {file: pairs, x: sent, y: lost, series: level, shape: scatter}
        """

    private static func experiment(_ text: String = text) throws -> Experiment {
        try Experiment(parsing: text, file: "rates.yaml", name: "rates") { _ in ["topology", "rate", "level"] }
    }

    @Test("every combination is run, and all of them again for each repetition")
    func sweep() throws {
        let runs = try Self.experiment().runs
        #expect(runs.count == 12)
        #expect(
            runs.prefix(4).map { "\($0.settings["rate"]?.text ?? "") \($0.settings["level"]?.text ?? "")" } == [
                "400 off", "400 2", "1200 off", "1200 2",
            ])
        #expect(runs.map(\.repetition) == [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3])
    }

    @Test("further cases come after the combinations, and alone where nothing is varied")
    func furtherCases() throws {
        let also = "\nalso: [{rate: 7}, {rate: 9, level: 1}]\n"
        let runs = try Self.experiment(Self.text + also).runs.map(\.settings)
        #expect(runs.count == 18)
        #expect(runs[4] == ["rate": Label("7"), "topology": Label("three-switch")])
        #expect(runs[5]["level"] == Label("1"))
        #expect(try Self.experiment("fixed: {level: 2}" + also).cases.map { $0["rate"]?.text } == ["7", "9"])
    }

    @Test("a scatter has a point for each series and mark, of the rows that have both quantities")
    func pairs() throws {
        var results = Results()
        for (level, policy, x, y) in [("5", "a", 1.0, 10.0), ("5", "a", 3, 30), ("5", "b", 5, 7), ("6", "a", 2, 2)] {
            let settings = ["level": Label(level), "policy": Label(policy)]
            results.add([Row(values: ["x": x, "y": y])], settings: settings, repetition: 1)
        }
        results.add([Row(values: ["x": 99])], settings: ["level": Label("5"), "policy": Label("a")], repetition: 1)
        let pairs = try #require(results.tables.first).pairs(of: "x", and: "y", by: "level", "policy")
        #expect(pairs.map { $0.series?.text } == ["5", "5", "6"])
        #expect(pairs.map { $0.mark?.text } == ["a", "b", "a"])
        #expect(pairs.map(\.x.mean) == [2, 5, 2] && pairs.map(\.y.mean) == [20, 7, 2])
        let svg = ScatterChart.svg(
            title: "t", xTitle: "x", yTitle: "y", seriesTitle: "level", marksTitle: "policy", pairs: pairs)
        // Two points and one entry of the legend are circles; one of each is a square.
        #expect(svg.components(separatedBy: "<circle").count - 1 == 3)
        #expect(svg.components(separatedBy: "<polygon").count - 1 == 2)
    }

    @Test("every bar has its interval, stacked ones too; one that leaves the plot has no end there")
    func intervals() {
        let points = [("a", [10.0, 12]), ("b", [1, 3])].compactMap { name, values in
            Estimate(values).map { Point(series: Label(name), x: Label("x"), estimate: $0) }
        }
        for isStacked in [false, true] {
            let bars = BarChart.svg(
                title: "t", xTitle: "x", yTitle: "y", seriesTitle: nil, points: points, isStacked: isStacked)
            let bare = BarChart.svg(
                title: "t", xTitle: "x", yTitle: "y", seriesTitle: nil,
                points: points.compactMap { point in
                    Estimate([point.estimate.mean]).map { Point(series: point.series, x: point.x, estimate: $0) }
                }, isStacked: isStacked)
            func lines(_ svg: String) -> Int { svg.components(separatedBy: "<line").count }
            #expect(lines(bars) > lines(bare) + 1, "stacked: \(isStacked)")
        }
    }

    @Test("results are written as tables, plots and a summary, and a run that fails is reported")
    func results() throws {
        let directory = try TemporaryDirectory()
        let folder = try ResultsFolder(directory.path("out"))
        var run = ExperimentRun(try Self.experiment(), into: folder, on: Machine(software: "test"))
        try run.run(isCancelled: { false }, willRun: { _, _ in }) { settings in
            if settings["rate"]?.number == 1200, settings["level"]?.text == "off" {
                throw ExperimentError("the lab fell over")
            }
            let rate = settings["rate"]?.number ?? 0
            return [Row(values: ["lost": rate, "sent": rate * 2])]
        }
        #expect(run.results.finished == 12)
        #expect(run.results.failures.count == 3)
        #expect(
            directory.text("out/results.csv").hasPrefix(
                "level,rate,repeat,topology,lost,sent\noff,400,1,three-switch,400.0,800.0\n"))
        let summary = directory.text("out/summary.md")
        #expect(summary.contains("| 1200 |  | 1200 ± 0 |"))
        #expect(summary.contains("level off, rate 1200, topology three-switch, repetition 1: the lab fell over"))
        // Level 2: 400 and 1200 of three repetitions each.
        #expect(summary.contains("| 2 | 1600 ± "))
        for file in ["loss", "bars", "pairs"] {
            let svg = directory.text("out/\(file).svg")
            #expect(svg.hasPrefix("<svg") && svg.hasSuffix("</svg>\n"))
        }
        #expect(throws: ExperimentError.self) { try ResultsFolder(directory.path("out")) }
    }

    @Test("an estimate's error is that of Student's distribution")
    func estimate() throws {
        let estimate = try #require(Estimate([10, 12, 14]))
        #expect(estimate.mean == 12)
        // t(2) x 2 / √3
        #expect(abs(try #require(estimate.error) - 4.968) < 0.001)
        #expect(Estimate([5])?.error == nil)
        #expect(Estimate([]) == nil)
    }

    @Test(
        "mistakes are reported with their location",
        arguments: [
            ("run: lunch", "rates.yaml:1:6: run must be requests, sampling or host, got 'lunch'"),
            ("vary: {colour: [1]}", "rates.yaml:1:8: vary: unknown key 'colour'"),
            ("also: [{colour: 1}]", "rates.yaml:1:9: also[0]: unknown key 'colour'"),
            ("vary: {rate: []}", "rates.yaml:1:14: vary.rate must be one or more values, got []"),
            ("plots: [{x: rate, y: lost}]", "rates.yaml:1:9: plots[0]: a plot must have 'file'"),
            ("repeats: 0", "rates.yaml:1:10: repeats must be an integer from 1 to 1000"),
        ])
    func mistakes(text: String, message: String) {
        let error = #expect(throws: InputError.self) { try Self.experiment(text) }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "none")")
    }
}
