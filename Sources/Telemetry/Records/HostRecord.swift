// SPDX-License-Identifier: Apache-2.0

public import Wire

/// What a host says of a request it has answered, 18 bytes: `tx_reqs:64 time_reqs:64 next_proto:16`.
public struct HostRecord: Sendable, Hashable {
    public static let size = 18

    /// The how manieth request, from 1, that this host answered with telemetry.
    public var ordinal: UInt64
    /// Nanoseconds from the XDP hook seeing the request to the TC egress hook seeing the reply.
    public var duration: UInt64

    public init(ordinal: UInt64, duration: UInt64) {
        self.ordinal = ordinal
        self.duration = duration
    }

    public static func parse(from cursor: inout PacketCursor) throws(ShortRead) -> (record: HostRecord, next: EtherType)
    {
        guard cursor.remaining >= size else {
            throw ShortRead(offset: cursor.offset, needed: size, available: cursor.remaining)
        }
        let record = HostRecord(ordinal: try cursor.uint64(), duration: try cursor.uint64())
        return (record, EtherType(rawValue: try cursor.uint16()))
    }

    public func write(next: EtherType, into writer: inout PacketWriter) {
        writer.uint64(ordinal)
        writer.uint64(duration)
        writer.uint16(next.rawValue)
    }
}
