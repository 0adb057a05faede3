// SPDX-License-Identifier: Apache-2.0

public import Addresses
public import Journeys
public import Wire

/// A complete frame of this project's format.
///
///     Ethernet | 802.1Q tags, 0 to 2 | shim | hop records, newest first | source record, 0 or 1 | host record, 0 or 1 | IPv4 or IPv6 …
public struct TelemetryFrame: Sendable, Hashable {
    /// The outermost header.
    public var ethernet: EthernetHeader
    /// Outer tag first, at most two.
    public var tags: [VLANTag]
    /// Level, flags and counts.
    public var shim: Shim
    /// The shim's level.
    public var level: Level
    /// Newest first, as they are in the frame.
    public var hops: [HopMeasurement]
    /// The INT source, if it was a host.
    public var sourceRecord: SourceMeasurement?
    /// The server's host.
    public var host: HostMeasurement?
    /// The packet that carries the telemetry.
    public var inner: InnerPacket

    /// A frame whose parts agree: EtherTypes, count and the flags for source and host record are set from the rest.
    /// Levels without `next_proto` have no way to announce a host record of 18 bytes.
    /// - Parameters:
    ///   - hops: of a level with one record the first one is kept.
    ///   - hopsMet: how many hops added to the frame; nil: as many as `hops`.
    public init(
        destination: MACAddress, source: MACAddress, tags: [VLANTag] = [], level: Level, flags: Shim.Flags = [],
        forward: UInt8 = 0, hops: [HopMeasurement], hopsMet: Int? = nil, sourceRecord: SourceMeasurement? = nil,
        host: HostMeasurement? = nil, inner: InnerPacket
    ) {
        (ethernet, self.tags) = Self.link(destination, source, tags)
        self.level = level
        var allFlags = flags.subtracting([.hostRecord, .sourceRecord])
        if sourceRecord != nil { allFlags.insert(.sourceRecord) }
        if host != nil { allFlags.insert(.hostRecord) }
        if !level.isChained, inner.etherType == .ipv6 { allFlags.insert(.innerIPv6) }
        shim = Shim(
            level: level, flags: allFlags, forward: forward, count: UInt8(truncatingIfNeeded: hopsMet ?? hops.count))
        self.hops = Array(hops.prefix(level.records(ofHops: hops.count)))
        self.sourceRecord = sourceRecord
        self.host = host
        self.inner = inner
    }

    init(
        ethernet: EthernetHeader, tags: [VLANTag], shim: Shim, level: Level, hops: [HopMeasurement],
        sourceRecord: SourceMeasurement?, host: HostMeasurement?, inner: InnerPacket
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
        Shim.size + hops.count * level.recordSize + (sourceRecord == nil ? 0 : SourceRecord.size)
            + (host.map(HostRecord.size) ?? 0)
    }

    /// The frame's bytes, with `payload` after the request id.
    public func encoded(payload: [UInt8] = []) -> [UInt8] {
        var writer = PacketWriter(reserving: 128 + telemetrySize + payload.count)
        ethernet.write(into: &writer)
        for tag in tags { tag.write(into: &writer) }
        shim.write(into: &writer)
        let afterSource = host.map(HostRecord.etherType) ?? inner.etherType
        let afterHops: EtherType = sourceRecord == nil ? afterSource : .sourceRecord
        for (index, hop) in hops.enumerated() {
            HopRecord.write(
                hop, level.layout, next: index == hops.count - 1 ? afterHops : .hopRecord, into: &writer)
        }
        if let sourceRecord { SourceRecord.write(sourceRecord, next: afterSource, into: &writer) }
        if let host { HostRecord.write(host, next: inner.etherType, into: &writer) }
        inner.write(payload: payload, into: &writer)
        return writer.bytes
    }

    /// Link headers that announce a shim.
    static func link(
        _ destination: MACAddress, _ source: MACAddress, _ tags: [VLANTag]
    ) -> (EthernetHeader, [VLANTag]) {
        var chained = tags
        for index in chained.indices {
            chained[index].etherType = index == chained.indices.last ? .telemetryShim : .vlan
        }
        let firstType: EtherType = tags.isEmpty ? .telemetryShim : tags.count == 1 ? .vlan : .serviceVLAN
        return (EthernetHeader(destination: destination, source: source, etherType: firstType), chained)
    }
}
