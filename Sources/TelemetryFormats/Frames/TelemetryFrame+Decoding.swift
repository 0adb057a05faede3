// SPDX-License-Identifier: Apache-2.0

internal import Wire

/// What a captured frame turned out to be.
public enum FrameReading: Sendable, Hashable {
    case telemetry(TelemetryFrame)
    /// No shim, or too short to tell.
    case plain
    case malformed(Malformed)
}

extension TelemetryFrame {
    /// Reads a frame, whatever its bytes are: nothing throws and nothing is read past the end.
    ///
    /// The inner packet may be cut anywhere behind its UDP header.
    /// - Parameter configuredLevel: the level of reference frames, which do not tell it; nil refuses them.
    public static func decode(_ bytes: Span<UInt8>, configuredLevel: Level? = nil) -> FrameReading {
        var cursor = PacketCursor(bytes)
        guard let (ethernet, tags) = try? linkHeaders(&cursor),
            (tags.last?.etherType ?? ethernet.etherType) == .telemetryShim
        else { return .plain }
        do throws(Malformed) {
            return .telemetry(try telemetry(ethernet, tags, &cursor, configuredLevel))
        } catch {
            return .malformed(error)
        }
    }

    /// Bytes of the packet without its telemetry, Ethernet header included, as its own header tells them: the frame
    /// that it was read from may have been cut.
    public func packetLength(in bytes: Span<UInt8>) -> Int? {
        let link = EthernetHeader.size + tags.count * VLANTag.size
        // The length is at the same place of IPv4 (all of the packet) and two bytes on in IPv6 (what follows the
        // header).
        let isIPv6 = inner.etherType == .ipv6
        let start = link + telemetrySize + (isIPv6 ? 4 : 2)
        guard bytes.count >= start + 2 else { return nil }
        return link + (isIPv6 ? IPv6Header.size : 0) + Int(bytes[start]) << 8 + Int(bytes[start + 1])
    }

    private static func linkHeaders(_ cursor: inout PacketCursor) throws(ShortRead) -> (EthernetHeader, [VLANTag]) {
        let ethernet = try EthernetHeader(parsing: &cursor)
        var tags: [VLANTag] = []
        while tags.count < 2, (tags.last?.etherType ?? ethernet.etherType).isVLANTag {
            tags.append(try VLANTag(parsing: &cursor))
        }
        return (ethernet, tags)
    }

    private static func telemetry(
        _ ethernet: EthernetHeader, _ tags: [VLANTag], _ cursor: inout PacketCursor, _ configuredLevel: Level?
    ) throws(Malformed) -> TelemetryFrame {
        let (shim, level) = try shim(&cursor, configuredLevel)
        var (hops, next) = try hops(shim, level, &cursor)
        // Without a hop nothing announces what the flag does.
        if hops.isEmpty { next = .sourceRecord }
        let source = try source(shim, &next, &cursor)
        let host = try host(shim, &next, &cursor)
        switch next {
        case .telemetryShim: throw .nestedShim
        case .hopRecord, .sourceRecord, .hostRecord, .extendedHostRecord: throw .chainDisagrees
        default: break
        }
        let inner = try InnerPacket.read(next, from: &cursor)
        return TelemetryFrame(
            ethernet: ethernet, tags: tags, shim: shim, level: level, hops: hops, sourceRecord: source, host: host,
            inner: inner)
    }

    /// The host record, if `next` announces one; `next` becomes what follows it.
    private static func host(
        _ shim: Shim, _ next: inout EtherType, _ cursor: inout PacketCursor
    ) throws(Malformed) -> HostRecord? {
        let isThere = next == .hostRecord || next == .extendedHostRecord
        guard shim.isReference || shim.flags.contains(.hostRecord) == isThere else { throw .chainDisagrees }
        do throws(ShortRead) {
            guard let read = try HostRecord.parse(next, from: &cursor) else { return nil }
            next = read.next
            return read.record
        } catch {
            throw .recordsBeyondFrame
        }
    }

    private static func shim(
        _ cursor: inout PacketCursor, _ configuredLevel: Level?
    ) throws(Malformed) -> (Shim, Level) {
        guard let shim = try? Shim(parsing: &cursor) else { throw .shortShim }
        guard let level = shim.isReference ? configuredLevel : Level(rawValue: shim.level) else { throw .unknownLevel }
        let isEmpty = shim.count == 0 && !shim.flags.contains(.sourceRecord)
        guard !isEmpty, shim.count <= Shim.maximumCount else { throw .countOutOfRange }
        guard shim.forward <= shim.count else { throw .forwardBeyondCount }
        return (shim, level)
    }

    /// The source record, if `next` announces one; `next` becomes what it announces itself.
    private static func source(
        _ shim: Shim, _ next: inout EtherType, _ cursor: inout PacketCursor
    ) throws(Malformed) -> SourceRecord? {
        // The reference's form has no flags, and no source record either.
        guard shim.flags.contains(.sourceRecord) == (next == .sourceRecord) else { throw .chainDisagrees }
        guard next == .sourceRecord else { return nil }
        guard let read = try? SourceRecord.parse(from: &cursor) else { throw .recordsBeyondFrame }
        next = read.next
        return read.record
    }

    /// The hop records, and the type that the last of them announces.
    private static func hops(
        _ shim: Shim, _ level: Level, _ cursor: inout PacketCursor
    ) throws(Malformed) -> ([HopRecord], EtherType) {
        let count = level.records(ofHops: Int(shim.count))
        var hops: [HopRecord] = []
        hops.reserveCapacity(count)
        var next = EtherType.hopRecord
        while hops.count < count {
            // The record before must have announced this one; the first is announced by the shim.
            guard next == .hopRecord else { throw .chainDisagrees }
            guard let read = try? HopRecord.parse(level, from: &cursor) else { throw .recordsBeyondFrame }
            hops.append(read.record)
            next = read.next ?? (hops.count < count ? .hopRecord : shim.announced)
        }
        guard count == 0 || next != .hopRecord else { throw .chainDisagrees }
        return (hops, next)
    }
}
