// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Journeys

/// What `--expect` names: `switch=1-9,20` or `host=7`.
struct ExpectedIDs: ExpressibleByArgument {
    enum Kind: String, CaseIterable {
        case networkSwitch = "switch"
        case host
    }

    /// The most ids that one option may name.
    private static let most = 1 << 16

    let kind: Kind
    private(set) var ids: Set<UInt32> = []

    init?(argument: String) {
        let halves = argument.split(separator: "=", maxSplits: 1)
        guard halves.count == 2, let kind = Kind(rawValue: String(halves[0])) else { return nil }
        self.kind = kind
        for item in halves[1].split(separator: ",", omittingEmptySubsequences: false) {
            guard let range = Self.range(item), range.count <= Self.most - ids.count else { return nil }
            ids.formUnion(range)
        }
    }

    /// `7`, or `1-9`.
    private static func range(_ text: Substring) -> ClosedRange<UInt32>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt32($0) }
        guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first <= last else {
            return nil
        }
        return first...last
    }
}

extension ExpectedNodes {
    /// The nodes that the options name; of a kind that none names, any.
    init(_ options: [ExpectedIDs]) {
        self.init()
        for option in options {
            switch option.kind {
            case .networkSwitch:
                switches = (switches ?? []).union(option.ids.map { SwitchID(rawValue: $0) })
            case .host: hosts = (hosts ?? []).union(option.ids.map { HostID(rawValue: $0) })
            }
        }
    }
}
