// SPDX-License-Identifier: Apache-2.0

/// What a host that is the INT source of its own request reports of it.
public struct SourceMeasurement: Sendable, Hashable {
    /// The client's host.
    public var host: HostID
    /// Numbers, from 1, the requests of one flow for which this host was the INT source.
    public var sequence: UInt32
    /// When the request left: nanoseconds of the domain's clock at the host's TC egress hook.
    public var sent: UInt64
    /// How many of the flow's numbered requests the server's host has seen, this one included; 0 until it has, and if it
    /// does not count. Two replies show by it on which path the requests between them were lost.
    public var received: UInt32

    /// A numbered request that left at `sent`, in nanoseconds.
    public init(host: HostID, sequence: UInt32, sent: UInt64, received: UInt32 = 0) {
        self.host = host
        self.sequence = sequence
        self.sent = sent
        self.received = received
    }
}
