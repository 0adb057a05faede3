// SPDX-License-Identifier: Apache-2.0

public import Addresses
public import Journeys
public import Wire

/// A complete frame of the reference format.
///
///     Ethernet | 802.1Q tags, 0 to 2 | count:32 | hop records, newest first | host record, 0 or 1 | IPv4 or IPv6 …
public struct ReferenceFrame: Sendable, Hashable {
    /// The outermost header.
    public var ethernet: EthernetHeader
    /// Outer tag first, at most two.
    public var tags: [VLANTag]
    /// By configuration: it is not on the wire.
    public var level: Level
    /// Newest first, as they are in the frame.
    public var hops: [HopMeasurement]
    /// The server's host.
    public var host: HostMeasurement?
    /// The packet that carries the telemetry.
    public var inner: InnerPacket

    /// A frame whose parts agree.
    public init(
        destination: MACAddress, source: MACAddress, tags: [VLANTag] = [], level: Level, hops: [HopMeasurement],
        host: HostMeasurement? = nil, inner: InnerPacket
    ) {
        (ethernet, self.tags) = TelemetryFrame.link(destination, source, tags)
        self.level = level
        self.hops = hops
        self.host = host
        self.inner = inner
    }

    /// Bytes that the telemetry adds to the packet: count, hop records, host record.
    public var telemetrySize: Int {
        Shim.size + hops.count * level.recordSize + (host.map(HostRecord.size) ?? 0)
    }

    /// The frame's bytes, with `payload` after the request id.
    public func encoded(payload: [UInt8] = []) -> [UInt8] {
        var writer = PacketWriter(reserving: 128 + telemetrySize + payload.count)
        ethernet.write(into: &writer)
        for tag in tags { tag.write(into: &writer) }
        writer.uint32(UInt32(truncatingIfNeeded: hops.count))
        let afterHops = host.map(HostRecord.etherType) ?? inner.etherType
        for (index, hop) in hops.enumerated() {
            HopRecord.write(
                hop, level.layout, next: index == hops.count - 1 ? afterHops : .hopRecord, into: &writer)
        }
        if let host { HostRecord.write(host, next: inner.etherType, into: &writer) }
        inner.write(payload: payload, into: &writer)
        return writer.bytes
    }
}
