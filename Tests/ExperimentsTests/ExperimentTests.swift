// SPDX-License-Identifier: Apache-2.0

import Documents
import Experiments
import Testing
import ThrowawayPlaces

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

    @Test("results are written as tables, plots and a summary, and a run that fails is told of")
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
        "mistakes are told with their place",
        arguments: [
            ("run: lunch", "rates.yaml:1:6: expected one of: requests, sampling, host"),
            ("vary: {colour: [1]}", "rates.yaml:1:8: unknown key 'colour'"),
            ("vary: {rate: []}", "rates.yaml:1:14: 'rate' is varied over no value"),
            ("plots: [{x: rate, y: lost}]", "rates.yaml:1:9: a plot needs 'file'"),
            ("repeats: 0", "rates.yaml:1:10: expected a whole number from 1 to 1000"),
        ])
    func mistakes(text: String, message: String) {
        let error = #expect(throws: SettingsError.self) { try Self.experiment(text) }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "none")")
    }
}
