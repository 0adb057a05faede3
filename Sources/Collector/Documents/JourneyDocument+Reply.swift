// SPDX-License-Identifier: Apache-2.0

internal import Journeys

extension JourneyDocument {
    /// The complete reply over TCP. Times are nanoseconds after the request's arrival at the server's XDP hook.
    struct Reply: Encodable {
        var end: String
        var first_byte_ns: UInt64
        var last_byte_ns: UInt64
        var last_retransmission_ns: UInt64?
        var last_ack_ns: UInt64?
        var telemetry_ns: UInt64
        var bytes: UInt64
        var segments: UInt32
        var retransmissions: UInt32
        var ack_wait_ns: UInt64?
        /// true: the wait may be shorter.
        var ack_wait_at_most: Bool?

        init(_ reply: ReplyMeasurement) {
            end = reply.end.name
            first_byte_ns = reply.firstByte.count
            last_byte_ns = reply.lastByte.count
            last_retransmission_ns = reply.lastRetransmission?.count
            last_ack_ns = reply.lastAcknowledgement?.count
            telemetry_ns = reply.telemetry.count
            bytes = reply.bytes
            segments = reply.segments
            retransmissions = reply.retransmissions
            ack_wait_ns = reply.acknowledgementWait?.count
            ack_wait_at_most = reply.waitIsAtMost ? true : nil
        }
    }
}
