// SPDX-License-Identifier: Apache-2.0

/// What a host says of a request it has answered.
public struct HostRecord: Sendable, Hashable {
    /// The request's ordinal, from 1, among those that this host answered with telemetry.
    public var ordinal: UInt64
    /// Nanoseconds from the XDP hook seeing the request to the TC egress hook seeing the reply.
    public var duration: UInt64
    /// What only the extended record tells; nil makes this the record of 18 bytes.
    public var details: HostDetails?

    public init(ordinal: UInt64, duration: UInt64, details: HostDetails? = nil) {
        self.ordinal = ordinal
        self.duration = duration
        self.details = details
    }
}

/// Who answered, when, and where the time went. A part is nil where the host did not measure it.
public struct HostDetails: Sendable, Hashable {
    public var hostID: UInt32
    /// The processor that took the request in.
    public var processor: UInt16
    /// When the XDP hook saw the request: nanoseconds of CLOCK_TAI.
    public var arrival: UInt64
    /// Nanoseconds from the XDP hook to the socket's receive queue.
    public var toQueue: UInt32?
    /// From there to the application's receive call returning.
    public var toReceive: UInt32?
    /// From there to its send call.
    public var application: UInt32?
    /// From there to the TC egress hook.
    public var toEgress: UInt32?
    /// Nanoseconds within `toReceive` in which the application's thread could have run and did not.
    public var runQueue: UInt32?
    /// What waited in the socket's receive queue before this request: datagrams (UDP), unread bytes (TCP).
    public var queueDepth: UInt32?
    /// Segments that the connection sent again between request and reply.
    public var retransmits: UInt16?

    public init(hostID: UInt32, processor: UInt16 = 0, arrival: UInt64) {
        self.hostID = hostID
        self.processor = processor
        self.arrival = arrival
    }
}
