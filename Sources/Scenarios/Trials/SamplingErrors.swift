// SPDX-License-Identifier: Apache-2.0

internal import Collector
internal import Journeys

/// How far what sampled packets report of each hop is from the truth: per cent, averaged over hops; nil without a hop
/// that can be compared.
struct SamplingErrors: Equatable {
    /// Hops for which the truth has fewer durations than this are not compared.
    static let fewestSamples: UInt64 = 100
    /// Queues whose peak is less than this are not compared.
    static let leastPeak: UInt64 = 4

    let latencyP50: Double?
    let latencyP99: Double?
    let queuePeak: Double?

    /// - Parameters:
    ///   - truth: a flow whose every packet reports.
    ///   - sampled: a flow in the same queues; some of its packets report, or all report less.
    init(of sampled: HopSamples.Flow, against truth: HopSamples.Flow) {
        let others = Dictionary(uniqueKeysWithValues: sampled.hops.map { ($0.kind, $0) })
        var errors = (p50: [Double](), p99: [Double](), peak: [Double]())
        for hop in truth.hops where hop.count >= Self.fewestSamples {
            errors.p50.append(Self.relative(others[hop.kind]?.p50.count, to: hop.p50.count))
            errors.p99.append(Self.relative(others[hop.kind]?.p99.count, to: hop.p99.count))
            if let peak = truth.peakDepths[hop.kind], peak >= Self.leastPeak {
                errors.peak.append(Self.relative(sampled.peakDepths[hop.kind], to: peak))
            }
        }
        latencyP50 = Self.mean(errors.p50)
        latencyP99 = Self.mean(errors.p99)
        queuePeak = Self.mean(errors.peak)
    }

    /// Per cent of the truth; 100 if nothing was reported, 0 if the truth is 0.
    static func relative(_ value: UInt64?, to truth: UInt64) -> Double {
        guard truth > 0 else { return 0 }
        guard let value else { return 100 }
        return abs(Double(value) - Double(truth)) / Double(truth) * 100
    }

    private static func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
}
