// SPDX-License-Identifier: Apache-2.0

/// Why a lab cannot be brought up or used.
public struct LabError: Error, Equatable, Sendable {
    /// The lab, the node or the file that it is about.
    public let place: String
    /// What is wrong, and where it helps, what to do.
    public let reason: String
    private let isSentence: Bool

    /// An error that reads `place: reason`.
    public init(_ place: String, _ reason: String) {
        self.place = place
        self.reason = reason
        isSentence = false
    }

    /// An error that reads as a sentence: `subject predicate`.
    /// - Parameter predicate: continues the sentence, such as "is not up".
    init(of subject: String, _ predicate: String) {
        place = subject
        reason = predicate
        isSentence = true
    }
}

extension LabError: CustomStringConvertible {
    /// `place: reason`, or one sentence about the lab or node.
    public var description: String { place + (isSentence ? " " : ": ") + reason }
}
