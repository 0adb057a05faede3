// SPDX-License-Identifier: Apache-2.0

import Collector
import Journeys
import LinuxSystem
import Synchronization
import Workload

/// Brings together what the collector and the client know of the same request, in whichever order it comes.
///
/// Used by two threads: the capture's and the client's.
final class JourneyJoin: Sendable {
    fileprivate struct State {
        var assembler = JourneyAssembler()
        var statistics = PartStatistics()
        var paths = RebuiltPaths()
        var slowest: Journey?
        var latest: Journey?
        var journeys: [UInt32: Journey] = [:]
        var replies = RecentReplies()
        var weight = TelemetryWeight()
    }

    /// What is known now.
    struct Snapshot {
        let counts: FrameCounts
        let rows: [PartStatistics.Row]
        /// The complete journey that took longest, and the one that came last.
        let slowest: Journey?
        let latest: Journey?
        let weight: TelemetryWeight
    }

    private let state = Mutex(State())

    func take(_ frame: Span<UInt8>, seenAt time: UInt64) {
        state.withLock { state in
            guard let journey = state.assembler.take(frame, seenAt: time) else { return }
            state.weight.add(journey)
            guard let id = journey.requestID, journey.isComplete else { return state.record(journey) }
            if let client = state.replies.take(id) {
                state.record(journey, with: client)
            } else if let other = state.journeys.updateValue(journey, forKey: id) {
                state.record(other)
            }
        }
    }

    func take(_ outcome: RequestOutcome) {
        guard let roundTrip = outcome.roundTrip else { return }
        let client = ClientTimes(sent: outcome.sentAt, received: outcome.sentAt + roundTrip)
        state.withLock { state in
            if let journey = state.journeys.removeValue(forKey: outcome.id) {
                state.record(journey, with: client)
            } else {
                state.replies.add(outcome.id, client)
            }
        }
    }

    var counts: FrameCounts { state.withLock { $0.assembler.counts } }

    /// The end of the run: journeys whose reply the client never saw count without it.
    func finish() -> Snapshot {
        state.withLock { state in
            for journey in state.journeys.values { state.record(journey) }
            state.journeys.removeAll()
            return Snapshot(
                counts: state.assembler.counts, rows: state.statistics.rows, slowest: state.slowest,
                latest: state.latest, weight: state.weight)
        }
    }
}

/// Bytes of telemetry on the frames of the journeys that were seen.
public struct TelemetryWeight: Sendable {
    /// Frames at one place of the way, all behind the same number of hops.
    public struct Frames: Sendable {
        /// How many frames.
        public internal(set) var count = 0
        /// Bytes of telemetry in all of them.
        public internal(set) var bytes = 0
        /// Hops before this place.
        public internal(set) var hops = 0
        /// Bytes of telemetry per frame, on average.
        public var bytesEach: Double { count == 0 ? 0 : Double(bytes) / Double(count) }
    }

    /// Replies as the sink copies them.
    public private(set) var replies = Frames()
    /// Requests as the server gets them.
    public private(set) var requests = Frames()

    mutating func add(_ journey: Journey) {
        replies.add(journey.telemetrySize, behind: journey.hopsMet)
        guard let out = journey.requestHopsMet else { return }
        requests.add(journey.report.telemetry.bytes(afterHops: out, onReturnPath: false), behind: out)
    }
}

extension TelemetryWeight.Frames {
    fileprivate mutating func add(_ bytes: Int, behind hops: Int) {
        count += 1
        self.bytes += bytes
        self.hops = hops
    }
}

extension JourneyJoin.State {
    mutating func record(_ journey: Journey, with client: ClientTimes? = nil) {
        let journey = client.map { Journey(journey.report, seenAt: journey.time, client: $0) } ?? journey
        statistics.record(paths.take(journey))
        guard journey.isComplete else { return }
        latest = journey
        if (journey.total ?? 0) > (slowest?.total ?? 0) || slowest == nil { slowest = journey }
    }
}

/// What the client told of replies whose journey has not come yet; with sampling, most journeys never will.
///
/// Bounded: holds between one and two generations of the latest.
private struct RecentReplies {
    private static let generation = 16_384

    private var newer: [UInt32: ClientTimes] = [:]
    private var older: [UInt32: ClientTimes] = [:]

    mutating func add(_ id: UInt32, _ times: ClientTimes) {
        if newer.count >= Self.generation {
            older = newer
            newer.removeAll(keepingCapacity: true)
        }
        newer[id] = times
    }

    mutating func take(_ id: UInt32) -> ClientTimes? {
        newer.removeValue(forKey: id) ?? older.removeValue(forKey: id)
    }
}
