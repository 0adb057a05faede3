// SPDX-License-Identifier: Apache-2.0

import Addresses
import Collector
import Journeys
import Synchronization
import Wire

/// What the journeys of one flow tell of each hop: used by the capture's thread and read when it has ended.
final class HopSamples: Sendable {
    struct Hop {
        /// Nanoseconds in the switch.
        var latencies: [UInt64] = []
        /// Packets in its egress queue, the most that was told of.
        var peakDepth: UInt64?
    }

    struct Told {
        var hops: [JourneyPart.Kind: Hop] = [:]
        var journeys = 0
        var telemetryBytes = 0
    }

    private struct State {
        var assembler = JourneyAssembler()
        /// Over IPv4, and over IPv6.
        var truth = Told()
        var sampled = Told()
    }

    private let state = Mutex(State())

    func take(_ frame: Span<UInt8>, seenAt time: UInt64) {
        state.withLock { state in
            guard let journey = state.assembler.take(frame, seenAt: time) else { return }
            if case .v4 = journey.flow.source {
                state.truth.add(journey)
            } else {
                state.sampled.add(journey)
            }
        }
    }

    var truth: Told { state.withLock { $0.truth } }
    var sampled: Told { state.withLock { $0.sampled } }
}

extension HopSamples.Told {
    fileprivate mutating func add(_ journey: Journey) {
        journeys += 1
        telemetryBytes += journey.telemetrySize
        for part in journey.parts {
            guard case .hop = part.kind, let index = part.hopIndex, journey.hops.indices.contains(index) else {
                continue
            }
            if let duration = part.duration { hops[part.kind, default: .init()].latencies.append(duration) }
            if let depth = journey.hops[index].enqueueDepth?.estimatedDepth {
                hops[part.kind, default: .init()].peakDepth = max(hops[part.kind]?.peakDepth ?? 0, depth)
            }
        }
    }
}

extension Measurement {
    /// Of a class, the middle of its depths by INT.p4's default limits; of the last, which has no end, the least.
    fileprivate var estimatedDepth: UInt64 {
        switch self {
        case .exact(let depth), .quantized(let depth, _): depth
        case .classified(.idle, _): 0
        case .classified(.low, _): (1 + 7) / 2
        case .classified(.high, _): (8 + 31) / 2
        case .classified(.critical, _): 32
        }
    }
}

extension HopSamples.Hop {
    /// The value that `share` of the latencies do not pass; nil without any.
    func latency(_ share: Double) -> Double? {
        guard !latencies.isEmpty else { return nil }
        let sorted = latencies.sorted()
        return Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))])
    }
}
