// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Glibc

/// The folder of an experiment's results: a CSV file per table, an SVG file per plot, `summary.md`, and the
/// experiment's definition.
public struct ResultsFolder: Sendable {
    /// Where the folder is.
    public let path: String

    /// Makes the folder. A folder that is not empty is an error, so that no results are overwritten.
    public init(_ path: String) throws(ExperimentError) {
        let manager = FileManager.default
        do {
            try manager.createDirectory(atPath: path, withIntermediateDirectories: true)
            guard try manager.contentsOfDirectory(atPath: path).isEmpty else {
                throw ExperimentError("the results' folder must be empty, got \(path); give another one with --output")
            }
        } catch let error as ExperimentError {
            throw error
        } catch {
            throw ExperimentError("cannot make \(path): \(Self.reason(error)); give another folder with --output")
        }
        self.path = path
    }

    /// The kernel's reason, where there is one.
    private static func reason(_ error: any Error) -> String {
        guard let cause = (error as? CocoaError)?.underlying as? POSIXError else { return "\(error)" }
        return unsafe strerror(cause.code.rawValue).map { unsafe String(cString: $0) } ?? "\(cause.code)"
    }

    /// Writes all files again, from the results so far.
    public func write(_ results: Results, of experiment: Experiment, on machine: Machine) throws(ExperimentError) {
        for table in results.tables { try write(table.csv, to: "\(table.name).csv") }
        for plot in experiment.plots {
            guard let table = results.tables.first(where: { $0.name == plot.table }) else { continue }
            try write(plot.svg(of: table), to: "\(plot.file).svg")
        }
        try write(SummaryText.markdown(results, of: experiment, on: machine), to: "summary.md")
    }

    /// Writes one file, in place of an older one of that name.
    public func write(_ text: String, to file: String) throws(ExperimentError) {
        do {
            try Data(text.utf8).write(to: URL(filePath: "\(path)/\(file)"))
        } catch {
            throw ExperimentError("cannot write \(path)/\(file): \(Self.reason(error))")
        }
    }
}
