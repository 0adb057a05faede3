// SPDX-License-Identifier: Apache-2.0

internal import Documents
public import Experiments
public import InstalledFiles

/// A YAML file that defines an experiment.
public struct ExperimentFile: Sendable {
    let path: String
    let name: String
    /// The file's contents.
    public let text: String

    /// - Parameter nameOrPath: one of experiments/ by its name, else a file.
    public init(_ nameOrPath: String, _ installation: Installation) throws {
        let path = try installation.file(nameOrPath, kind: "experiment", in: "experiments", type: "yaml")
        try self.init(path: path)
    }

    private init(path: String) throws {
        text = try InputFile.text(of: path)
        self.path = path
        name = String((path.split(separator: "/").last ?? "experiment").dropLast(".yaml".count))
    }

    /// The files of experiments/, sorted by name.
    public static func shipped(in installation: Installation) throws -> [ExperimentFile] {
        try installation.names(in: "experiments", type: "yaml").map {
            try ExperimentFile(path: "\(installation.home)/experiments/\($0).yaml")
        }
    }

    /// - Throws: what is wrong in the file, with its location.
    public func read() throws -> Experiment {
        try Experiment(parsing: text, file: path, name: name) { Trials.settings(of: $0) }
    }
}
