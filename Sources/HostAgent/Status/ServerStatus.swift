// SPDX-License-Identifier: Apache-2.0

internal import BPF

/// What only a server's part has: its settings, and what it has done.
public struct ServerStatus: Sendable, Hashable {
    /// Level of the records of frames in the reference format.
    public let referenceLevel: Int
    /// How many requests may wait for their reply at the same time.
    public let maximumRequests: Int
    /// Whose telemetry is believed: `everyone`, `nobody`, prefixes, or how many there are.
    public let trust: String
    /// The rules of ports that do not have the default.
    public let rules: [MatchingRule]
    /// Requests whose telemetry waits for the reply now.
    public let waiting: Int
    /// Seconds since the oldest of them arrived; 0 without one.
    public let oldestWaiting: Double
    /// Requests answered with telemetry.
    public let answered: UInt64
    /// Requests that clients' hosts numbered.
    public let arrivals: Arrivals
    /// Which stages of the host's time are measured.
    public let breakdown: BreakdownStatus

    init(_ record: AttachmentRecord, _ maps: HostMaps, hooks: [HostHook], absent: [AbsentPart]) throws(BPFError) {
        referenceLevel = record.referenceLevel
        maximumRequests = record.maximumRequests
        trust = record.trust
        rules = try maps.readRules()
        let requests = try maps.waiting()
        waiting = requests.count
        oldestWaiting = (Double(requests.oldest) / 1e8).rounded() / 10
        answered = try maps.answered()
        arrivals = try maps.arrivals()
        breakdown = BreakdownStatus(hooks: hooks, absent: absent)
    }
}
