// SPDX-License-Identifier: Apache-2.0

/// A complete reply over TCP as its server's host saw it leave, segment by segment. Times count from the request's arrival
/// at the XDP hook. What was not measured is nil.
public struct ReplyMeasurement: Sendable, Hashable {
    /// How it is known that nothing more belongs to the reply.
    public enum End: UInt8, Sendable, Hashable, CaseIterable {
        /// The client had all of it and asked for something else.
        case nextRequest = 0
        /// The server closed the connection.
        case closed = 1
        /// The connection was aborted.
        case reset = 2
        /// All of it was acknowledged, and nothing more left for as long as the host's agent waits.
        case quiet = 3
        /// The client asked for something else before it had all: the end is where the next reply begins, as far as
        /// segments show that.
        case overlapped = 4
    }

    /// How its end is known.
    public var end: End
    /// When the first byte left at the TC egress hook.
    public var firstByte: Nanoseconds
    /// When the last byte left for the first time.
    public var lastByte: Nanoseconds
    /// When a segment of it was last sent again; nil if none was.
    public var lastRetransmission: Nanoseconds?
    /// When the acknowledgement of its last byte reached the XDP hook; nil if none was seen.
    public var lastAcknowledgement: Nanoseconds?
    /// When the telemetry left with one of its frames or with a later reply; its first frame's time if it left with that.
    public var telemetry: Nanoseconds
    /// Bytes of payload, each counted once.
    public var bytes: UInt64
    /// Segments that left for the first time.
    public var segments: UInt32
    /// Segments that left again.
    public var retransmissions: UInt32
    /// How long bytes that could have left waited for the acknowledgement of a short segment before them (Nagle's
    /// algorithm); nil if that was not measured.
    public var acknowledgementWait: Nanoseconds?
    /// The wait may be shorter: when the application wrote the bytes that waited is not known.
    public var waitIsAtMost = false

    /// A reply of one segment that left at once, with its telemetry.
    public init(end: End, firstByte: Nanoseconds, bytes: UInt64) {
        self.end = end
        self.firstByte = firstByte
        lastByte = firstByte
        telemetry = firstByte
        self.bytes = bytes
        segments = 1
        retransmissions = 0
    }
}

extension ReplyMeasurement {
    /// When the last segment that the client needed left: the last byte, or what was sent again after it and before all was
    /// acknowledged.
    public var complete: Nanoseconds {
        guard let again = lastRetransmission else { return lastByte }
        if let acknowledged = lastAcknowledgement, acknowledged < again { return lastByte }
        return max(lastByte, again)
    }

    /// From its first byte to its last: what the client waits for after it has the first frame.
    public var rest: Nanoseconds { complete.without(firstByte) ?? 0 }

    /// From its last byte to its last acknowledgement; nil if that was not seen.
    public var acknowledgement: Nanoseconds? { lastAcknowledgement?.without(complete) }
}

extension ReplyMeasurement.End {
    /// As in JSON.
    public var name: String {
        switch self {
        case .nextRequest: "next_request"
        case .closed: "closed"
        case .reset: "reset"
        case .quiet: "quiet"
        case .overlapped: "overlapped"
        }
    }
}
