// SPDX-License-Identifier: Apache-2.0

/// What happens to a frame, and to telemetry, under a reason.
public enum ReasonKind: String, Sendable, Hashable, CaseIterable {
    /// The frame has no telemetry and needs none.
    case noTelemetry = "no telemetry"
    /// The frame brings or carries telemetry as it should: it is saved, restored, inserted or reported.
    case carried
    /// The telemetry is removed and not kept; the packet goes on.
    case strippedOnly = "stripped only"
    /// A frame with telemetry that cannot be handled goes on unchanged.
    case unchanged
    /// The frame leaves without telemetry.
    case sentPlain = "sent plain"
    /// The frame leaves with room that was made but not written: its receiver cannot read it.
    case unreadable
    /// Saved telemetry is lost. Counted in addition to the frame's own reason.
    case dropped
    /// The client's agent does not hear of the frame.
    case notReported = "not reported"
}

/// One row of the table of reasons.
public struct ReasonEntry<Reason: Sendable & Hashable>: Sendable, Hashable {
    /// The reason that the row describes.
    public let reason: Reason
    /// The enumerator of the header that the programs share with Swift, such as `P4NI_XDP_SAVED`.
    public let symbol: String
    /// The name in reports and metrics; it never changes.
    public let name: String
    /// What happens to frame and telemetry.
    public let kind: ReasonKind
    /// What happened, in a few words, for a person.
    public let explanation: String
    /// Whether a host that is only a client meets it.
    let isMetByClients: Bool
}

/// Why the programs did with a frame what they did; the raw value is the index of its counter in their map.
public protocol CountedReason: RawRepresentable<Int>, CaseIterable, Sendable, Hashable {
    /// One row per reason, in the order of the raw values.
    static var table: [ReasonEntry<Self>] { get }
}

extension CountedReason {
    /// The reason's row.
    public var entry: ReasonEntry<Self> {
        guard let entry = Self.table.first(where: { $0.reason == self }) else {
            preconditionFailure("reason \(rawValue) has no row")
        }
        return entry
    }

    /// The name in reports and metrics; it never changes.
    public var name: String { entry.name }

    /// What happened, in a few words, for a person.
    public var explanation: String { entry.explanation }
}

/// Frames by reason.
public struct ReasonCounts<Reason: CountedReason>: Sendable, Hashable {
    private let numbers: [UInt64]
    /// Those that can be met.
    let reasons: [Reason]

    /// - Parameter numbers: by the reasons' raw values.
    init(_ numbers: [UInt64], of reasons: [Reason] = Array(Reason.allCases)) {
        self.numbers = numbers
        self.reasons = reasons
    }

    /// The count of one reason.
    public subscript(reason: Reason) -> UInt64 {
        reason.rawValue < numbers.count ? numbers[reason.rawValue] : 0
    }

    /// What was counted since `earlier`, the reasons without a count left out.
    public func since(_ earlier: Self) -> [Reason: UInt64] {
        var difference: [Reason: UInt64] = [:]
        for reason in Reason.allCases where self[reason] != earlier[reason] {
            difference[reason] = self[reason] &- earlier[reason]
        }
        return difference
    }
}

extension ReasonCounts: Encodable {
    /// The form of `host status --json`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        for reason in reasons { try container.encode(self[reason], forKey: Key(stringValue: reason.name)) }
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
