// SPDX-License-Identifier: Apache-2.0

/// What a server's agent reports of one request beside the frame: it joins the journey by host and ordinal.
public struct HostReport: Sendable, Hashable {
    /// The request among all that answer with telemetry.
    public struct Key: Sendable, Hashable {
        /// The host, as in the extended host record.
        public var host: HostID
        /// The request's ordinal there, as in the host record.
        public var ordinal: UInt64

        /// The request with this ordinal at this host.
        public init(host: HostID, ordinal: UInt64) {
            self.host = host
            self.ordinal = ordinal
        }
    }

    /// The request.
    public var key: Key
    /// What it asked for.
    public var identity: RequestIdentity

    /// A report of one request.
    public init(_ key: Key, _ identity: RequestIdentity) {
        self.key = key
        self.identity = identity
    }
}
