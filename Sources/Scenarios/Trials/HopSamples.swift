// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import Collector
internal import Journeys
internal import Synchronization

/// A sink that collects what the journeys of two flows report of each hop: one over IPv4, one over IPv6.
///
/// The capture's thread feeds it; it is read when that has ended.
final class HopSamples: JourneySink, Sendable {
    /// What one flow's journeys report.
    struct Flow: Sendable {
        /// Nanoseconds in each switch and on each link.
        private(set) var durations = PartStatistics()
        /// The most packets in each hop's egress queue.
        private(set) var peakDepths: [JourneyPart.Kind: UInt64] = [:]
        private(set) var journeys = 0
        /// Bytes of telemetry in the packets that reported the journeys.
        private(set) var telemetryBytes = 0

        mutating func record(_ journey: Journey) {
            journeys += 1
            telemetryBytes += journey.telemetrySize
            durations.record(journey.parts)
            for part in journey.parts {
                guard case .hop = part.kind, let index = part.hopIndex, journey.hops.indices.contains(index),
                    let depth = journey.hops[index].enqueueDepth?.estimatedDepth
                else { continue }
                peakDepths[part.kind] = max(peakDepths[part.kind] ?? 0, depth)
            }
        }

        /// One row per hop that reported a time.
        var hops: [PartStatistics.Row] {
            durations.rows.filter { if case .hop = $0.kind { true } else { false } }
        }
    }

    private struct Flows {
        var overIPv4 = Flow()
        var overIPv6 = Flow()
    }

    private let flows = Mutex(Flows())

    var failure: CollectorError? { nil }

    func accept(_ journey: Journey) {
        flows.withLock { flows in
            if case .v4 = journey.flow.source {
                flows.overIPv4.record(journey)
            } else {
                flows.overIPv6.record(journey)
            }
        }
    }

    func finish(_ summary: Summary) {}

    var overIPv4: Flow { flows.withLock { $0.overIPv4 } }
    var overIPv6: Flow { flows.withLock { $0.overIPv6 } }
}

extension Measurement {
    /// A class's middle of its depths by INT.p4's default limits; of the last class, which has no upper limit, the
    /// lower one.
    var estimatedDepth: UInt64 {
        switch self {
        case .exact(let depth), .quantized(let depth, _): depth
        case .classified(.idle, _): 0
        case .classified(.low, _): (1 + 7) / 2
        case .classified(.high, _): (8 + 31) / 2
        case .classified(.critical, _): 32
        }
    }
}
