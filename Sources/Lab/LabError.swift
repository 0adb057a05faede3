// SPDX-License-Identifier: Apache-2.0

/// Why a lab cannot be read, brought up or used: where, and what to do about it.
public struct LabError: Error, Equatable, Sendable {
    /// A file with a key path, `topologies/x.json: links[3]`; or a node, or a lab.
    public let place: String
    public let reason: String

    public init(_ place: String, _ reason: String) {
        self.place = place
        self.reason = reason
    }
}

extension LabError: CustomStringConvertible {
    public var description: String { "\(place): \(reason)" }
}
