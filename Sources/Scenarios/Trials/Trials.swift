// SPDX-License-Identifier: Apache-2.0

public import InstalledFiles
public import Experiments

/// Runs the cases of an experiment.
public struct Trials: Sendable {
    private let kind: Experiment.Kind
    private let installation: Installation
    private let interruption: Int32

    /// - Parameter interruption: a descriptor that becomes readable when the runs are to end early.
    public init(kind: Experiment.Kind, installation: Installation, interruption: Int32) {
        self.kind = kind
        self.installation = installation
        self.interruption = interruption
    }

    /// The settings that a file of this kind may fix or vary.
    public static func settings(of kind: Experiment.Kind) -> [String] {
        switch kind {
        case .requests: RequestTrial.settings
        case .sampling: SamplingTrial.settings
        case .host: HostTrial.settings
        }
    }

    /// Runs one case to its end.
    /// - Returns: what it came to: rows of one or several tables.
    public func run(_ settings: [String: Label]) throws -> [Row] {
        switch kind {
        case .requests:
            try RequestTrial(SettingReader(settings), installation, interruption: interruption).run()
        case .sampling:
            try SamplingTrial(SettingReader(settings), installation, interruption: interruption).run()
        case .host:
            try HostTrial(SettingReader(settings)).run()
        }
    }
}
