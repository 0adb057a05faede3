// SPDX-License-Identifier: Apache-2.0

/// Why a scenario could not be staged or run, in words for the user.
public struct ScenarioError: Error, CustomStringConvertible {
    /// A sentence without a full stop.
    public let description: String

    init(_ description: String) { self.description = description }
}
