// SPDX-License-Identifier: Apache-2.0

/// Runs the cases of one experiment, one after the other.
public struct ExperimentRun {
    /// What is run.
    public let experiment: Experiment
    /// What the runs so far measured.
    public private(set) var results = Results()
    private let folder: ResultsFolder
    private let machine: Machine

    /// Nothing is run or written yet.
    public init(_ experiment: Experiment, into folder: ResultsFolder, on machine: Machine) {
        self.experiment = experiment
        self.folder = folder
        self.machine = machine
    }

    /// Runs every case as often as the experiment says. The results are written after every run, so that an end at any
    /// moment loses at most the current run.
    /// - Parameters:
    ///   - isCancelled: called between runs, and after a run that failed; true ends the experiment.
    ///   - willRun: called before each run with its index, from 0, and its settings.
    ///   - trial: does one run with these settings. Its error is recorded as a failure, and the next run follows.
    public mutating func run(
        isCancelled: () -> Bool, willRun: (Int, [String: Label]) -> Void, trial: ([String: Label]) throws -> [Row]
    ) throws(ExperimentError) {
        for (index, run) in experiment.runs.enumerated() {
            guard !isCancelled() else { return }
            willRun(index, run.settings)
            do {
                let rows = try trial(run.settings)
                guard !isCancelled() else { return }
                results.add(rows, settings: run.settings, repetition: run.repetition)
            } catch {
                guard !isCancelled() else { return }
                let settings = run.settings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.text)" }
                results.addFailure("\(settings.joined(separator: ", ")), repetition \(run.repetition): \(error)")
            }
            try folder.write(results, of: experiment, on: machine)
        }
    }
}
