// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Experiments
import FoundationEssentials
import LinuxSystem
import Scenarios
import SoftwareVersion
import TerminalKit
import TextLayout

struct ExperimentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "experiment",
        abstract: "Run an experiment: many cases, repeated, into a folder of CSV, plots and a summary.",
        discussion: """
            Without a name, lists those that ship. An experiment is a YAML file that says what is varied, how often it is \
            repeated and what is plotted: copy one of experiments/, change it, and give its path. Results are written \
            after every run; Ctrl-C takes everything down and keeps them. Needs root.
            """)

    @Argument(help: ArgumentHelp("An experiment that ships, or the path of a YAML file.", valueName: "name"))
    var name: String?

    @Option(
        help: ArgumentHelp(
            "A folder for the results, which must be new or empty. (default: results/NAME-DATE-TIME)",
            valueName: "folder"))
    var output: String?

    @Option(help: "Runs of each case. (default: what the file says)")
    var repeats: Int?

    @Option(help: "Seconds of each run that sends requests. (default: what the file says)")
    var duration: Double?

    func validate() throws {
        guard repeats.map({ (1...1000).contains($0) }) ?? true else {
            throw ValidationError("--repeats is from 1 to 1000")
        }
        guard duration.map({ $0 > 0 && $0 <= 86_400 }) ?? true else {
            throw ValidationError("--duration is from above 0 to 86400 s")
        }
    }

    func run() throws {
        StandardStream.surviveClosedReaders()
        let installation = try Installation.find()
        guard let name else { return try list(installation) }
        let file = try ExperimentFile(name, installation)
        var experiment = try file.read()
        if let repeats { experiment.repeats = repeats }
        if let duration { experiment.fixed["duration"] = Label(duration) }
        let interruption = try SignalDescriptor([.interrupt, .terminate])
        let folder = try ResultsFolder(output ?? "results/\(experiment.name)-\(Self.timeOfDay())")
        try folder.write(file.text, to: "\(experiment.name).yaml")
        var run = ExperimentRun(experiment, into: folder, on: Machine(software: Release.description))
        try perform(&run, installation, interruption)
        Terminal.print("\(folder.path)/summary.md")
        if Readiness.isReadable(interruption.number) { throw ExitCode.interrupted }
        if !run.results.failures.isEmpty {
            for failure in run.results.failures { Terminal.say("failed: \(failure)") }
            throw ExitCode.failure
        }
    }

    private func perform(
        _ run: inout ExperimentRun, _ installation: Installation, _ interruption: borrowing SignalDescriptor
    ) throws {
        let signals = interruption.number
        let trials = Trials(kind: run.experiment.kind, installation: installation, interruption: signals)
        var progress = ExperimentProgress(runs: run.experiment.runs.count)
        try run.run {
            Readiness.isReadable(signals)
        } willRun: { index, settings in
            progress.show(index, settings)
        } trial: { settings in
            try trials.run(settings)
        }
        progress.finish()
    }

    private func list(_ installation: Installation) throws {
        let experiments = try ExperimentFile.shipped(in: installation).map { try $0.read() }
        let rows = experiments.map { [$0.name, "\($0.title) (\($0.runs.count) runs)"] }
        for line in TextTable([.left(), .left()], rows: rows).lines { Terminal.print(line) }
    }

    /// Such as `20261123-101502`, in UTC.
    private static func timeOfDay() -> String {
        String(Date().formatted(.iso8601).compactMap { $0 == "T" ? "-" : $0.isNumber ? $0 : nil })
    }
}
