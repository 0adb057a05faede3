// SPDX-License-Identifier: Apache-2.0

public import Journeys
public import Wire

/// The bytes of what a host that is the INT source of its own request reports of it, 22 of them:
/// `host_id:32 sequence:32 sent:64 received:32 next_proto:16`.
///
/// It stays after the hop records, comes back with the reply, and is before a host record.
public enum SourceRecord {
    /// Bytes.
    public static let size = 22

    /// Reads a source record and the type of what follows it.
    public static func parse(
        from cursor: inout PacketCursor
    ) throws(ShortRead) -> (source: SourceMeasurement, next: EtherType) {
        guard cursor.remaining >= size else {
            throw ShortRead(offset: cursor.offset, needed: size, available: cursor.remaining)
        }
        let source = SourceMeasurement(
            host: HostID(rawValue: try cursor.uint32()), sequence: try cursor.uint32(), sent: try cursor.uint64(),
            received: try cursor.uint32())
        return (source, EtherType(rawValue: try cursor.uint16()))
    }

    /// Writes `source`, followed by the type of what follows it.
    public static func write(_ source: SourceMeasurement, next: EtherType, into writer: inout PacketWriter) {
        writer.uint32(source.host.rawValue)
        writer.uint32(source.sequence)
        writer.uint64(source.sent)
        writer.uint32(source.received)
        writer.uint16(next.rawValue)
    }
}
