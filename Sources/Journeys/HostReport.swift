// SPDX-License-Identifier: Apache-2.0

/// What a server's agent reports of one request beside the frame: it joins the journey by host and ordinal.
public struct HostReport: Sendable, Hashable {
    /// The request among all that answer with telemetry.
    public struct Key: Sendable, Hashable {
        /// The host, as in the extended host record.
        public var host: HostID
        /// The request's ordinal there, as in the host record; 0 for a request whose reply left without telemetry.
        public var ordinal: UInt64

        /// The request with this ordinal at this host.
        public init(host: HostID, ordinal: UInt64) {
            self.host = host
            self.ordinal = ordinal
        }
    }

    /// What became of the request at the host.
    public enum Outcome: Sendable, Hashable {
        /// Its reply left with telemetry, which a journey will come of unless it is lost on the way. `late`: the request was
        /// reported as unanswered before.
        case answered(late: Bool)
        /// No reply left in the time that the agent waits.
        case unanswered
        /// Its reply left, but nothing with room for the telemetry did.
        case noRoom(Obstacle)
        /// The host gave its telemetry up to save that of newer requests. Whether a reply left is unknown.
        case givenUp
        /// Its reply is complete, and `reply` says more of it. Another report says the rest.
        case completion
    }

    /// Why a reply took no telemetry.
    public enum Obstacle: UInt8, Sendable, Hashable, CaseIterable {
        /// Another reason.
        case other = 0
        /// It would not have fitted the device's MTU.
        case mtu = 1
        /// It was a packet that the device or the kernel divides into segments.
        case segmented = 2
        /// The kernel had no memory for head-room.
        case memory = 3
    }

    /// The request.
    public var key: Key
    /// What became of it.
    public var outcome: Outcome
    /// What it asked for.
    public var identity: RequestIdentity
    /// The request as it arrived at the host, with the hops of its path; nil if the report does not contain it.
    public var request: JourneyReport?
    /// The complete reply; nil if the report does not contain it.
    public var reply: ReplyMeasurement?

    /// A report of one request.
    public init(_ key: Key, _ identity: RequestIdentity, _ outcome: Outcome = .answered(late: false)) {
        self.key = key
        self.outcome = outcome
        self.identity = identity
    }
}
