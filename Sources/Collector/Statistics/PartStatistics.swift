// SPDX-License-Identifier: Apache-2.0

internal import Histogram
public import Journeys

/// How long each part of the way took, over all journeys: quantiles within 0.1 %, in bounded memory.
public struct PartStatistics: Sendable {
    /// The most different parts; about 110 kB each.
    public static let maximumParts = 512
    /// Nanoseconds; a quantile never says more than this, the maximum does.
    static let longestInQuantiles: UInt64 = 60_000_000_000

    /// Values of one part, in nanoseconds.
    public struct Row: Sendable, Hashable {
        public var kind: JourneyPart.Kind
        public var count: UInt64
        public var p50: UInt64
        public var p90: UInt64
        public var p99: UInt64
        public var max: UInt64
    }

    private struct Entry {
        var histogram = Histogram<UInt32>(highestTrackableValue: PartStatistics.longestInQuantiles)
        var count: UInt64 = 0
        var max: UInt64 = 0

        mutating func record(_ duration: UInt64) {
            histogram.record(Swift.min(duration, PartStatistics.longestInQuantiles))
            count += 1
            max = Swift.max(max, duration)
        }
    }

    private var entries: [JourneyPart.Kind: Entry] = [:]
    /// Parts in the order of travel.
    private var order: [JourneyPart.Kind] = []
    /// Values of parts beyond `maximumParts`, which are kept nowhere.
    public private(set) var leftOut: UInt64 = 0

    public init() {}

    /// Takes the parts of one journey, in the order of travel; those without a duration are passed over.
    public mutating func record(_ parts: [JourneyPart]) {
        var place = 0
        for part in parts {
            if entries[part.kind] == nil {
                guard part.duration != nil else { continue }
                guard entries.count < Self.maximumParts else {
                    leftOut += 1
                    continue
                }
                // Behind the part that this journey has before it, so that other ways do not mix up the order.
                entries[part.kind] = Entry()
                order.insert(part.kind, at: place)
            }
            if let duration = part.duration { entries[part.kind]?.record(duration) }
            place = (order.firstIndex(of: part.kind) ?? order.count - 1) + 1
        }
    }

    /// One row a part, in the order of travel.
    public var rows: [Row] {
        order.compactMap { kind in
            entries[kind].map { entry in
                // The histogram answers with a bucket's upper end.
                func quantile(_ percent: Double) -> UInt64 {
                    min(entry.histogram.valueAtPercentile(percent), entry.max)
                }
                return Row(
                    kind: kind, count: entry.count, p50: quantile(50), p90: quantile(90), p99: quantile(99),
                    max: entry.max)
            }
        }
    }
}
