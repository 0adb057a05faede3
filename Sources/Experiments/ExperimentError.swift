// SPDX-License-Identifier: Apache-2.0

/// Why an experiment could not be run or its results not be kept.
public struct ExperimentError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What failed, and the kernel's reason where it has one.
    public let description: String

    /// An error with this text.
    public init(_ description: String) { self.description = description }
}
