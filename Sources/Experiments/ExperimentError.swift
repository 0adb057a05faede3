// SPDX-License-Identifier: Apache-2.0

/// Why an experiment could not be run or its results not be kept.
public struct ExperimentError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
