// SPDX-License-Identifier: Apache-2.0

public import Telemetry

/// Requests that a client's host began telemetry for and that did not come back with it, by the numbers of its source records.
///
/// What was lost before the first and after the last one that came back is not seen. A request whose telemetry alone was lost
/// counts as lost too: its reply went out plain.
public struct RequestLosses: Sendable, Hashable {
    /// Numbers of one flow further apart than this are of two runs: the client was attached anew.
    static let sameRun: Int64 = 65536
    static let maximumFlows = 4096

    private struct Key: Hashable {
        var host: HostID
        var flow: Flow
    }

    private struct Run: Hashable {
        var first: SourceRecord
        var highest: UInt32
        /// Requests that the server had seen, by the reply that tells most.
        var received: UInt32
        var returned: UInt64 = 1

        /// Requests from the first to the highest.
        var sent: UInt64 { UInt64(highest &- first.sequence) + 1 }
        var missing: UInt64 { sent > returned ? sent - returned : 0 }
        /// Of the missing, those that the server has not seen; nil where it does not count.
        var lostOut: UInt64? {
            guard first.received > 0, received >= first.received else { return nil }
            let seen = UInt64(received - first.received) + 1
            return min(missing, sent > seen ? sent - seen : 0)
        }
    }

    private var runs: [Key: Run] = [:]
    private var ended = Totals()

    /// Sums over all flows.
    public struct Totals: Sendable, Hashable {
        /// Requests that came back with telemetry.
        public var returned: UInt64 = 0
        /// Requests between them that did not.
        public var missing: UInt64 = 0
        /// Of the missing: lost on the way to the server.
        public var lostOut: UInt64 = 0
        /// Of the missing: seen by the server. Its reply was lost, or went without telemetry.
        public var lostBack: UInt64 = 0

        public init() {}
    }

    public init() {}

    public var totals: Totals { runs.values.reduce(into: ended) { Self.add($1, to: &$0) } }

    /// - Parameter flow: of the request.
    public mutating func record(_ source: SourceRecord, of flow: Flow) {
        let key = Key(host: source.host, flow: flow)
        guard var run = runs[key] else {
            makeRoom()
            runs[key] = Run(first: source, highest: source.sequence, received: source.received)
            return
        }
        let ahead = Int64(Int32(truncatingIfNeeded: source.sequence &- run.highest))
        guard abs(ahead) < Self.sameRun, Int32(truncatingIfNeeded: source.sequence &- run.first.sequence) > 0 else {
            Self.add(run, to: &ended)
            runs[key] = Run(first: source, highest: source.sequence, received: source.received)
            return
        }
        run.returned += 1
        if ahead > 0 { run.highest = source.sequence }
        run.received = max(run.received, source.received)
        runs[key] = run
    }

    private static func add(_ run: Run, to totals: inout Totals) {
        totals.returned += run.returned
        totals.missing += run.missing
        guard let lostOut = run.lostOut else { return }
        totals.lostOut += lostOut
        totals.lostBack += run.missing - lostOut
    }

    /// Any flow gives way: its sums are kept, and it begins anew.
    private mutating func makeRoom() {
        guard runs.count >= Self.maximumFlows, let key = runs.keys.first, let run = runs.removeValue(forKey: key) else {
            return
        }
        Self.add(run, to: &ended)
    }
}
