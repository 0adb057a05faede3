// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import Journeys

/// Requests whose INT source was their client's host and that did not come back with telemetry, by the numbers of its
/// source records.
///
/// Losses before the first and after the last request that came back are not seen. A request that lost only its telemetry
/// counts as lost too: its reply was plain.
public struct RequestLosses: Sendable {
    static let maximumFlows = 4096

    private struct Key: Hashable {
        var host: HostID
        var flow: Flow
    }

    /// A flow's numbers since they last began at 1, and those of before, some of which may still come.
    private struct Runs {
        var current: NumberedRun
        var before: NumberedRun?
    }

    private var flows: [Key: Runs] = [:]
    private var ended = Totals()

    /// Sums over all flows.
    public struct Totals: Sendable, Hashable {
        /// Requests that came back with telemetry.
        public var returned: UInt64 = 0
        /// Requests that came back too, but that the client's host had no room to report: nobody read, or too slowly.
        public var unreported: UInt64 = 0
        /// Requests between them that did not come back.
        public var missing: UInt64 = 0
        /// Of the missing: lost on the way to the server.
        public var lostOut: UInt64 = 0
        /// Of the missing: seen by the server. Its reply was lost, or went without telemetry.
        public var lostBack: UInt64 = 0
        /// Times a client's host began to number the requests of a flow from 1 again, or far from the last number.
        public var restarts: UInt64 = 0

        init() {}

        mutating func add(_ run: NumberedRun) {
            returned += run.returned
            unreported += run.unreported
            missing += run.missing
            guard let lostOut = run.lostOut else { return }
            self.lostOut += lostOut
            lostBack += run.missing - lostOut
        }
    }

    init() {}

    /// The sums now.
    public var totals: Totals {
        flows.values.reduce(into: ended) { totals, runs in
            totals.add(runs.current)
            if let before = runs.before { totals.add(before) }
        }
    }

    /// - Parameters:
    ///   - flow: in the request's direction.
    ///   - unreported: replies of the flow so far that its host had no room to report.
    mutating func record(_ source: SourceMeasurement, of flow: Flow, unreported: UInt32 = 0) {
        let key = Key(host: source.host, flow: flow)
        guard var runs = flows[key] else {
            makeRoom()
            flows[key] = Runs(current: NumberedRun(source, unreported), before: nil)
            return
        }
        if runs.before?.overtook(source, by: runs.current) == true {
            runs.before?.record(source, unreported)
        } else if runs.current.isSucceeded(by: source) {
            if let before = runs.before { ended.add(before) }
            ended.restarts += 1
            runs = Runs(current: NumberedRun(source, unreported), before: runs.current)
        } else if runs.current.isRecounted(in: source) {
            // The server's host begins to count at 1 again. Nobody knows where those in between were lost.
            if let before = runs.before { ended.add(before) }
            ended.missing += UInt64(source.sequence &- runs.current.highest) - 1
            runs = Runs(current: NumberedRun(source, unreported), before: runs.current)
        } else {
            runs.current.record(source, unreported)
        }
        flows[key] = runs
    }

    /// Removes any one flow: its sums are kept, and it starts again when it is next seen.
    private mutating func makeRoom() {
        guard flows.count >= Self.maximumFlows, let key = flows.keys.first, let runs = flows.removeValue(forKey: key)
        else {
            return
        }
        ended.add(runs.current)
        if let before = runs.before { ended.add(before) }
    }
}
