// SPDX-License-Identifier: Apache-2.0

/// Why the programs did with a frame what they did; its raw value is the place of its count in their map.
public protocol CountedReason: RawRepresentable<Int>, CaseIterable, Sendable, Hashable {
    /// As reports and metrics name it; it never changes.
    var name: String { get }
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
