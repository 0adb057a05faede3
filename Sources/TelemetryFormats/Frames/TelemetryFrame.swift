// SPDX-License-Identifier: Apache-2.0

public import Addresses
public import Wire

/// A frame that carries telemetry, read whole.
///
///     Ethernet | 802.1Q tags, 0 to 2 | shim | hop records, newest first | source record, 0 or 1 | host record, 0 or 1 | IPv4 or IPv6 …
public struct TelemetryFrame: Sendable, Hashable {
    public var ethernet: EthernetHeader
    /// Outer tag first, at most two.
    public var tags: [VLANTag]
    public var shim: Shim
    /// The shim's level, or for a reference frame the configured one.
    public var level: Level
    /// Newest first, as they lie in the frame.
    public var hops: [HopRecord]
    /// Of the host that began the telemetry, if it was no switch.
    public var sourceRecord: SourceRecord?
    public var host: HostRecord?
    public var inner: InnerPacket

    /// A frame whose parts agree: EtherTypes, count and the flags for source and host record are set from the rest.
    /// Levels 5 and 6 have no way to announce a host record of 18 bytes.
    /// - Parameters:
    ///   - hops: of level 6 the first one is kept.
    ///   - hopsMet: how many hops added to the frame; nil: as many as `hops`.
    public init(
        destination: MACAddress, source: MACAddress, tags: [VLANTag] = [], level: Level, isReference: Bool = false,
        flags: Shim.Flags = [], forward: UInt8 = 0, hops: [HopRecord], hopsMet: Int? = nil,
        sourceRecord: SourceRecord? = nil,
        host: HostRecord? = nil, inner: InnerPacket
    ) {
        var chained = tags
        for index in chained.indices {
            chained[index].etherType = index == chained.indices.last ? .telemetryShim : .vlan
        }
        let firstType: EtherType = tags.isEmpty ? .telemetryShim : tags.count == 1 ? .vlan : .serviceVLAN
        ethernet = EthernetHeader(destination: destination, source: source, etherType: firstType)
        self.tags = chained
        self.level = level
        var allFlags = flags.subtracting([.hostRecord, .sourceRecord])
        if sourceRecord != nil { allFlags.insert(.sourceRecord) }
        if host != nil { allFlags.insert(.hostRecord) }
        if !level.isChained, inner.etherType == .ipv6 { allFlags.insert(.innerIPv6) }
        shim =
            isReference
            ? Shim(referenceCount: UInt32(hops.count))
            : Shim(
                level: level, flags: allFlags, forward: forward,
                count: UInt8(truncatingIfNeeded: hopsMet ?? hops.count))
        self.hops = Array(hops.prefix(level.records(ofHops: hops.count)))
        self.sourceRecord = sourceRecord
        self.host = host
        self.inner = inner
    }

    init(
        ethernet: EthernetHeader, tags: [VLANTag], shim: Shim, level: Level, hops: [HopRecord],
        sourceRecord: SourceRecord?,
        host: HostRecord?, inner: InnerPacket
    ) {
        self.ethernet = ethernet
        self.tags = tags
        self.shim = shim
        self.level = level
        self.hops = hops
        self.sourceRecord = sourceRecord
        self.host = host
        self.inner = inner
    }

    /// Bytes that the telemetry adds to the packet: shim, hop records, source record, host record.
    public var telemetrySize: Int {
        Shim.size + hops.count * level.recordSize + (sourceRecord == nil ? 0 : SourceRecord.size) + (host?.size ?? 0)
    }

    /// The frame's bytes, with `payload` behind the request id.
    public func encoded(payload: [UInt8] = []) -> [UInt8] {
        var writer = PacketWriter(reserving: 128 + telemetrySize + payload.count)
        ethernet.write(into: &writer)
        for tag in tags { tag.write(into: &writer) }
        shim.write(into: &writer)
        let behindSource = host?.etherType ?? inner.etherType
        let behindHops: EtherType = sourceRecord == nil ? behindSource : .sourceRecord
        for (index, hop) in hops.enumerated() {
            hop.write(level, next: index == hops.count - 1 ? behindHops : .hopRecord, into: &writer)
        }
        sourceRecord?.write(next: behindSource, into: &writer)
        host?.write(next: inner.etherType, into: &writer)
        inner.write(payload: payload, into: &writer)
        return writer.bytes
    }
}
