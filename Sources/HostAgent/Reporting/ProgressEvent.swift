// SPDX-License-Identifier: Apache-2.0

internal import CHostPrograms
internal import Journeys
internal import Wire

/// What the server's programs report of a reply that they follow: `struct p4ni_progress_event`. Later ones of a reply
/// replace earlier ones.
struct ProgressEvent: Sendable, Hashable {
    struct Flags: OptionSet, Sendable, Hashable {
        let rawValue: UInt32

        static let ended = Flags(P4NI_PROGRESS_ENDED)
        static let acknowledged = Flags(P4NI_PROGRESS_ACKED)
        static let waited = Flags(P4NI_PROGRESS_WAITED)
        static let atMost = Flags(P4NI_PROGRESS_AT_MOST)
        static let overlapped = Flags(P4NI_PROGRESS_OVERLAPPED)
        static let reset = Flags(P4NI_PROGRESS_RESET)
        static let closed = Flags(P4NI_PROGRESS_CLOSED)

        init(rawValue: UInt32) { self.rawValue = rawValue }
        private init(_ flag: Int32) { rawValue = UInt32(flag) }
    }

    /// Times are nanoseconds of CLOCK_MONOTONIC, 0 for what did not happen.
    struct Times: Sendable, Hashable {
        var first: UInt64
        var last: UInt64
        var resent: UInt64
        var acknowledged: UInt64
    }

    /// The request.
    let arrival: RequestEvent.Arrival
    /// The reply's host record; nil while the telemetry has not left.
    let key: HostReport.Key?
    let times: Times
    /// Nanoseconds.
    let waited: UInt64
    /// Nanoseconds after the first byte.
    let telemetryLate: UInt64
    let bytes: UInt64
    let segments: UInt32
    let retransmissions: UInt32
    let flags: Flags

    /// - Returns: nil for another event.
    init?(_ bytes: Span<UInt8>) {
        var cursor = PacketCursor(bytes)
        do {
            guard try cursor.uint32().bigEndian == UInt32(P4NI_EVENT_PROGRESS) else { return nil }
            let processor = try cursor.uint32().bigEndian
            arrival = RequestEvent.Arrival(time: try cursor.uint64().bigEndian, processor: processor)
            let ordinal = try cursor.uint64().bigEndian
            times = Times(
                first: try cursor.uint64().bigEndian, last: try cursor.uint64().bigEndian,
                resent: try cursor.uint64().bigEndian, acknowledged: try cursor.uint64().bigEndian)
            waited = try cursor.uint64().bigEndian
            telemetryLate = try cursor.uint64().bigEndian
            self.bytes = try cursor.uint64().bigEndian
            segments = try cursor.uint32().bigEndian
            retransmissions = try cursor.uint32().bigEndian
            flags = Flags(rawValue: try cursor.uint32().bigEndian)
            let host = HostID(rawValue: try cursor.uint32().bigEndian)
            key = ordinal == 0 ? nil : HostReport.Key(host: host, ordinal: ordinal)
        } catch {
            return nil
        }
    }
}

extension ProgressEvent {
    /// The reply as it is known now; nil if its times contradict each other.
    var measurement: ReplyMeasurement? {
        guard let first = since(times.first), let last = since(times.last), last >= first,
            let late = Nanoseconds(measured: telemetryLate)
        else { return nil }
        var reply = ReplyMeasurement(end: end, firstByte: first, bytes: bytes)
        reply.lastByte = last
        reply.lastRetransmission = times.resent == 0 ? nil : since(times.resent)
        reply.lastAcknowledgement = flags.contains(.acknowledged) ? since(times.acknowledged) : nil
        reply.telemetry = first + late
        reply.segments = segments
        reply.retransmissions = retransmissions
        reply.acknowledgementWait = flags.contains(.waited) ? Nanoseconds(measured: waited) : nil
        reply.waitIsAtMost = flags.isSuperset(of: [.waited, .atMost])
        return reply
    }

    private var end: ReplyMeasurement.End {
        if flags.contains(.reset) { return .reset }
        if flags.contains(.overlapped) { return .overlapped }
        if flags.contains(.closed) { return .closed }
        return flags.contains(.ended) ? .nextRequest : .quiet
    }

    private func since(_ time: UInt64) -> Nanoseconds? { Nanoseconds(from: arrival.time, to: time) }
}
