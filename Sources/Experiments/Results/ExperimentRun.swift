// SPDX-License-Identifier: Apache-2.0

/// The runs of one experiment, one after the other.
public struct ExperimentRun {
    public let experiment: Experiment
    public private(set) var results = Results()
    private let folder: ResultsFolder
    private let machine: Machine

    public init(_ experiment: Experiment, into folder: ResultsFolder, on machine: Machine) {
        self.experiment = experiment
        self.folder = folder
        self.machine = machine
    }

    /// Runs every case as often as asked. What is known is written after every run, so that an end at any moment loses
    /// no more than the run at hand.
    /// - Parameters:
    ///   - isCancelled: asked between runs, and after a run that failed.
    ///   - willRun: told which run begins, from 0, and what it is.
    ///   - trial: one run with these settings. An error is kept among the failures, and the next run follows.
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
