// SPDX-License-Identifier: Apache-2.0

internal import Documents
public import Experiments
internal import FoundationEssentials

/// A YAML file that defines an experiment.
public struct ExperimentFile: Sendable {
    let path: String
    let name: String
    /// The file's contents.
    public let text: String

    /// - Parameter nameOrPath: one of experiments/ by its name, else a file.
    public init(_ nameOrPath: String, _ installation: Installation) throws {
        let shipped = "\(installation.home)/experiments/\(nameOrPath).yaml"
        guard
            let path = [nameOrPath, shipped].first(where: {
                $0.hasSuffix(".yaml") && FileManager.default.fileExists(atPath: $0)
            })
        else {
            let names = try Self.shipped(in: installation).map(\.name).joined(separator: ", ")
            throw InputError("there is no experiment '\(nameOrPath)': expected a .yaml file or one of \(names)")
        }
        try self.init(path: path)
    }

    private init(path: String) throws {
        text = try InputFile.text(of: path)
        self.path = path
        name = String((path.split(separator: "/").last ?? "experiment").dropLast(".yaml".count))
    }

    /// The files of experiments/, sorted by name.
    public static func shipped(in installation: Installation) throws -> [ExperimentFile] {
        let directory = installation.home + "/experiments"
        let files = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return try files.filter { $0.hasSuffix(".yaml") }.sorted().map {
            try ExperimentFile(path: "\(directory)/\($0)")
        }
    }

    /// - Throws: what is wrong in the file, with its location.
    public func read() throws -> Experiment {
        try Experiment(parsing: text, file: path, name: name) { Trials.settings(of: $0) }
    }
}
