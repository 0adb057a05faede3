// SPDX-License-Identifier: Apache-2.0

public import Journeys

/// The switches that a request and its reply met, as far as they reported. It is written `1-2-3|3-2-1`: the request path, then
/// the return path; `1-2-3` where the report does not say which hops are on which.
public struct PathKey: Sendable, Hashable {
    /// In the order of travel.
    public let switches: [SwitchID]
    /// How many of them are on the request path; nil if that is unknown.
    public let requestHops: Int?

    /// The path of a journey.
    public init(of journey: Journey) {
        switches = journey.hops.map(\.switchID)
        requestHops = journey.requestHopCount
    }
}

extension PathKey: LosslessStringConvertible {
    /// Reads `1-2-3|3-2-1`; nil for anything else.
    public init?(_ text: String) {
        let halves = text.split(separator: "|", omittingEmptySubsequences: false)
        guard halves.count <= 2 else { return nil }
        var switches: [SwitchID] = []
        for half in halves {
            for number in half.split(separator: "-", omittingEmptySubsequences: false) where !half.isEmpty {
                guard let id = UInt32(number) else { return nil }
                switches.append(SwitchID(rawValue: id))
            }
        }
        self.switches = switches
        requestHops = halves.count == 2 ? halves[0].split(separator: "-").count : nil
    }

    /// Such as `1-2-3|3-2-1`.
    public var description: String {
        guard let requestHops else { return Self.text(switches[...]) }
        return Self.text(switches.prefix(requestHops)) + "|" + Self.text(switches.dropFirst(requestHops))
    }

    private static func text(_ switches: ArraySlice<SwitchID>) -> String {
        switches.map { "\($0.rawValue)" }.joined(separator: "-")
    }
}
