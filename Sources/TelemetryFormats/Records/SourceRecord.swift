// SPDX-License-Identifier: Apache-2.0

public import Wire

/// What a host that begins the telemetry of its own request says of it, 22 bytes:
/// `host_id:32 sequence:32 sent:64 received:32 next_proto:16`.
///
/// It stays behind the hop records, comes back with the reply, and stands in front of a host record.
public struct SourceRecord: Sendable, Hashable {
    public static let size = 22

    public var host: HostID
    /// Numbers, from 1, the requests of one flow that this host has begun telemetry for.
    public var sequence: UInt32
    /// Nanoseconds of the domain's clock at the host's TC egress hook.
    public var sent: UInt64
    /// How many of the flow's requests with such a record the answering host has seen, this one included; 0 until it
    /// has, and where it does not count. Two that come back tell by it on which way those between them were lost.
    public var received: UInt32

    public init(host: HostID, sequence: UInt32, sent: UInt64, received: UInt32 = 0) {
        self.host = host
        self.sequence = sequence
        self.sent = sent
        self.received = received
    }

    public static func parse(
        from cursor: inout PacketCursor
    ) throws(ShortRead) -> (record: SourceRecord, next: EtherType) {
        guard cursor.remaining >= size else {
            throw ShortRead(offset: cursor.offset, needed: size, available: cursor.remaining)
        }
        let record = SourceRecord(
            host: HostID(rawValue: try cursor.uint32()), sequence: try cursor.uint32(), sent: try cursor.uint64(),
            received: try cursor.uint32())
        return (record, EtherType(rawValue: try cursor.uint16()))
    }

    public func write(next: EtherType, into writer: inout PacketWriter) {
        writer.uint32(host.rawValue)
        writer.uint32(sequence)
        writer.uint64(sent)
        writer.uint32(received)
        writer.uint16(next.rawValue)
    }
}
