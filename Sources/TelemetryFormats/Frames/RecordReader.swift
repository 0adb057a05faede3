// SPDX-License-Identifier: Apache-2.0

internal import Journeys
internal import Wire

/// The parts of a frame that both of this project's formats share: hop records, host record, inner packet.
enum RecordReader {
    /// The hop records, newest first, and the type of what follows them.
    /// - Parameter announced: what follows records that do not say it themselves.
    static func hops(
        _ count: Int, _ layout: LevelLayout, announced: EtherType, from cursor: inout PacketCursor
    ) throws(Malformed) -> ([HopMeasurement], EtherType) {
        var hops: [HopMeasurement] = []
        hops.reserveCapacity(count)
        var next = EtherType.hopRecord
        while hops.count < count {
            // The record before must have announced this one; the first is announced by the shim.
            guard next == .hopRecord else { throw .chainDisagrees }
            guard let read = try? HopRecord.parse(layout, from: &cursor) else { throw .recordsBeyondFrame }
            hops.append(read.hop)
            next = read.next ?? (hops.count < count ? .hopRecord : announced)
        }
        guard count == 0 || next != .hopRecord else { throw .chainDisagrees }
        return (hops, next)
    }

    /// The host record, if `next` announces one; `next` becomes the type of what follows it.
    static func host(_ next: inout EtherType, from cursor: inout PacketCursor) throws(Malformed) -> HostMeasurement? {
        do throws(ShortRead) {
            guard let read = try HostRecord.parse(next, from: &cursor) else { return nil }
            next = read.next
            return read.host
        } catch {
            throw .recordsBeyondFrame
        }
    }

    /// The packet that carried the telemetry, of type `next`.
    static func inner(_ next: EtherType, from cursor: inout PacketCursor) throws(Malformed) -> InnerPacket {
        switch next {
        case .telemetryShim: throw .nestedShim
        case .hopRecord, .sourceRecord, .hostRecord, .extendedHostRecord: throw .chainDisagrees
        default: try InnerPacket.read(next, from: &cursor)
        }
    }
}
