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
    /// Of ports that have another rule than the default.
    public let rules: [MatchingRule]
    /// Requests whose telemetry waits for the reply now.
    public let waiting: Int
    /// Requests answered with telemetry.
    public let answered: UInt64
    /// Of requests that clients' hosts numbered.
    public let arrivals: Arrivals
    /// Which stages of the host's time are measured.
    public let breakdown: BreakdownStatus

    init(_ record: AttachmentRecord, _ maps: HostMaps, hooks: [HostHook], absent: [AbsentPart]) throws(BPFError) {
        referenceLevel = record.referenceLevel
        maximumRequests = record.maximumRequests
        trust = record.trust
        rules = try maps.readRules()
        waiting = try maps.waiting()
        answered = try maps.answered()
        arrivals = try maps.arrivals()
        breakdown = BreakdownStatus(hooks: hooks, absent: absent)
    }
}
