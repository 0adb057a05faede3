// SPDX-License-Identifier: Apache-2.0

internal import Journeys
internal import Wire

extension ReplyMeasurement {
    private static let acknowledgedFlag: UInt8 = 0x01
    private static let waitFlag: UInt8 = 0x02
    private static let atMostFlag: UInt8 = 0x04
    private static let retransmissionFlag: UInt8 = 0x08

    /// 72 bytes: docs/reference/host-report.md.
    var encoded: [UInt8] {
        var flags: UInt8 = lastAcknowledgement == nil ? 0 : Self.acknowledgedFlag
        if acknowledgementWait != nil { flags |= Self.waitFlag }
        if waitIsAtMost { flags |= Self.atMostFlag }
        if lastRetransmission != nil { flags |= Self.retransmissionFlag }
        var writer = PacketWriter(reserving: 72)
        writer.uint8(end.rawValue)
        writer.uint8(flags)
        writer.uint16(0)
        writer.uint32(segments)
        writer.uint32(retransmissions)
        writer.uint32(0)
        for time in [firstByte, lastByte, lastRetransmission ?? 0, lastAcknowledgement ?? 0, telemetry] {
            writer.uint64(time.count)
        }
        writer.uint64(acknowledgementWait?.count ?? 0)
        writer.uint64(bytes)
        return writer.bytes
    }

    /// Nil if it is cut off, of unknown end, or if its times contradict each other.
    init?(parsing cursor: inout PacketCursor) {
        guard let end = (try? cursor.uint8()).flatMap(End.init), let flags = try? cursor.uint8(),
            (try? cursor.skip(2)) != nil, let segments = try? cursor.uint32(), let again = try? cursor.uint32(),
            (try? cursor.skip(4)) != nil, let first = Self.time(&cursor), let last = Self.time(&cursor),
            let resent = Self.time(&cursor), let acknowledged = Self.time(&cursor), let telemetry = Self.time(&cursor),
            let waited = Self.time(&cursor), let bytes = try? cursor.uint64(), first <= last, first <= telemetry
        else { return nil }
        self.init(end: end, firstByte: first, bytes: bytes)
        lastByte = last
        lastRetransmission = flags & Self.retransmissionFlag == 0 ? nil : resent
        lastAcknowledgement = flags & Self.acknowledgedFlag == 0 ? nil : acknowledged
        self.telemetry = telemetry
        self.segments = segments
        retransmissions = again
        acknowledgementWait = flags & Self.waitFlag == 0 ? nil : waited
        waitIsAtMost = flags & Self.atMostFlag != 0 && acknowledgementWait != nil
    }

    private static func time(_ cursor: inout PacketCursor) -> Nanoseconds? {
        (try? cursor.uint64()).flatMap(Nanoseconds.init(measured:))
    }
}
