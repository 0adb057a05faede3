// SPDX-License-Identifier: Apache-2.0

/// Why a lab cannot be read, brought up or used: where, and what to do about it.
public struct LabError: Error, Equatable, Sendable {
    /// A file with a key path, `topologies/x.json: links[3]`; or a node, or a lab.
    public let place: String
    public let reason: String
    private let isSentence: Bool

    public init(_ place: String, _ reason: String) {
        self.place = place
        self.reason = reason
        isSentence = false
    }

    /// - Parameter predicate: goes on where `subject`, a lab or a node, begins a sentence.
    init(of subject: String, _ predicate: String) {
        place = subject
        reason = predicate
        isSentence = true
    }
}

extension LabError: CustomStringConvertible {
    public var description: String { place + (isSentence ? " " : ": ") + reason }
}
