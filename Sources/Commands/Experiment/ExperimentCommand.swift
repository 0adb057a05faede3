// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import InstalledFiles
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
        abstract: "Run many cases repeatedly and write tables, plots and a summary.",
        discussion: """
            Without a name, lists the experiments that are included. An experiment is a YAML file that names what is \
            varied, the number of repeats and the plots: copy one of experiments/, change it, and give its path. Results \
            are written after every run; Ctrl-C stops everything and keeps them. Needs root.

            Examples:
              p4netintel experiment
              p4netintel experiment life-of-a-request
              p4netintel experiment my.yaml --repeats 5 --output results/mine

            Exit codes: 0 every run succeeded; 1 a run failed, or the file has a mistake; 64 wrong usage; 130 stopped by \
            Ctrl-C.
            """)

    @Argument(help: ArgumentHelp("An experiment that is included, or the path of a YAML file.", valueName: "name"))
    var name: String?

    @Option(
        help: ArgumentHelp(
            "A new or empty folder for the results. (default: results/NAME-DATE-TIME)",
            valueName: "folder"))
    var output: String?

    @Option(help: "Runs of each case, 1 to 1000. (default: that of the file)")
    var repeats: Int?

    @Option(help: "Seconds to send requests in each run. (default: that of the file)")
    var duration: Double?

    func validate() throws {
        try ValidationError.unless("--repeats", repeats, isIn: 1...1000)
        try ValidationError.unless("--duration", duration, isAboveZeroUpTo: 86_400, " seconds")
    }

    func run() throws {
        StandardStream.surviveClosedReaders()
        let installation = try Installation.find()
        guard let name else { return try list(installation) }
        try CommandError.requireRoot()
        let file = try ExperimentFile(name, installation)
        var experiment = try file.read()
        if let repeats { experiment.repeats = repeats }
        if let duration { experiment.fixed["duration"] = Label(duration) }
        let interruption = try SignalDescriptor([.interrupt, .terminate])
        let folder = try ResultsFolder(output ?? "results/\(experiment.name)-\(Self.timestamp())")
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
    private static func timestamp() -> String {
        String(Date().formatted(.iso8601).compactMap { $0 == "T" ? "-" : $0.isNumber ? $0 : nil })
    }
}
