// SPDX-License-Identifier: Apache-2.0

/// Why there are no figures of a benchmark, or they would be worth nothing.
public struct BenchmarkError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of the failure, to match by.
    public enum Code: Sendable, Hashable {
        /// Ctrl-C.
        case interrupted
        /// What was to be measured did not happen.
        case notMeasured
        /// The other machine does not send.
        case noPeer
    }

    /// The kind of the failure.
    public let code: Code
    /// What is wrong and what to do.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    /// The run was stopped by its caller.
    public static let interrupted = BenchmarkError(.interrupted, "interrupted")
}
