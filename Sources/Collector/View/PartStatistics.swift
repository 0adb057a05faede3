// SPDX-License-Identifier: Apache-2.0

internal import Histogram
public import Journeys

/// How long each part took, over all journeys: percentiles within 0.1 %, in bounded memory.
public struct PartStatistics: Sendable {
    /// The most different parts; about 110 kB each.
    public static let maximumParts = 512
    /// A percentile is never more than this; the maximum may be.
    static let longestInQuantiles: Nanoseconds = 60_000_000_000

    /// Durations of one part.
    public struct Row: Sendable, Hashable {
        /// The part.
        public let kind: JourneyPart.Kind
        /// Journeys that report a duration of it.
        public let count: UInt64
        /// The duration that 50 % of them do not exceed.
        public let p50: Nanoseconds
        /// The duration that 90 % of them do not exceed.
        public let p90: Nanoseconds
        /// The duration that 99 % of them do not exceed.
        public let p99: Nanoseconds
        /// The longest duration.
        public let max: Nanoseconds
    }

    private struct Entry {
        var histogram = Histogram<UInt32>(highestTrackableValue: PartStatistics.longestInQuantiles.count)
        var count: UInt64 = 0
        var max: Nanoseconds = 0

        mutating func record(_ duration: Nanoseconds) {
            histogram.record(Swift.min(duration, PartStatistics.longestInQuantiles).count)
            count += 1
            max = Swift.max(max, duration)
        }
    }

    private var entries: [JourneyPart.Kind: Entry] = [:]
    /// Parts in the order of travel.
    private var order: [JourneyPart.Kind] = []
    /// Durations of parts beyond `maximumParts`, which are not kept.
    public private(set) var leftOut: UInt64 = 0

    /// Statistics of nothing.
    public init() {}

    /// Adds the parts of one journey, in the order of travel; those without a duration are ignored.
    public mutating func record(_ parts: [JourneyPart]) {
        var place = 0
        for part in parts {
            if entries[part.kind] == nil {
                guard part.duration != nil else { continue }
                guard entries.count < Self.maximumParts else {
                    leftOut += 1
                    continue
                }
                // After the part that this journey has before it, so that other paths do not mix up the order.
                entries[part.kind] = Entry()
                order.insert(part.kind, at: place)
            }
            if let duration = part.duration { entries[part.kind]?.record(duration) }
            // Mostly all journeys have the same parts in the same order.
            if place >= order.count || order[place] != part.kind {
                place = order.firstIndex(of: part.kind) ?? order.count - 1
            }
            place += 1
        }
    }

    /// One row per part, in the order of travel.
    public var rows: [Row] {
        order.compactMap { kind in
            entries[kind].map { entry in
                // The histogram answers with a bucket's upper end.
                func quantile(_ percent: Double) -> Nanoseconds {
                    min(Nanoseconds(measured: entry.histogram.valueAtPercentile(percent)) ?? entry.max, entry.max)
                }
                return Row(
                    kind: kind, count: entry.count, p50: quantile(50), p90: quantile(90), p99: quantile(99),
                    max: entry.max)
            }
        }
    }
}
