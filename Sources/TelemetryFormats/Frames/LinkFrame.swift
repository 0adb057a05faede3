// SPDX-License-Identifier: Apache-2.0

internal import Wire

/// A captured frame after its link headers, where a format begins.
struct LinkFrame: ~Escapable {
    /// The frame's bytes.
    let bytes: Span<UInt8>
    let ethernet: EthernetHeader
    /// Outer tag first, at most two.
    let tags: [VLANTag]
    /// At the first byte after the link headers.
    let payload: PacketCursor

    /// The type of what follows the link headers.
    var type: EtherType { tags.last?.etherType ?? ethernet.etherType }

    /// Fails if the frame ends within the link headers.
    @_lifetime(copy bytes)
    init?(_ bytes: Span<UInt8>) {
        var cursor = PacketCursor(bytes)
        guard let ethernet = try? EthernetHeader(parsing: &cursor) else { return nil }
        var tags: [VLANTag] = []
        while tags.count < 2, (tags.last?.etherType ?? ethernet.etherType).isVLANTag {
            guard let tag = try? VLANTag(parsing: &cursor) else { return nil }
            tags.append(tag)
        }
        self.bytes = bytes
        self.ethernet = ethernet
        self.tags = tags
        payload = cursor
    }

    /// Bytes of the packet without the `telemetrySize` bytes of its telemetry, Ethernet header included, as its own
    /// header reports them: the captured frame may have been cut. Nil if it was cut before.
    func packetLength(after telemetrySize: Int, isIPv6: Bool) -> Int? {
        let link = payload.offset
        // The length is at the same place of IPv4 (all of the packet) and two bytes on in IPv6 (what follows the
        // header).
        let start = link + telemetrySize + (isIPv6 ? 4 : 2)
        guard bytes.count >= start + 2 else { return nil }
        return link + (isIPv6 ? IPv6Header.size : 0) + Int(bytes[start]) << 8 + Int(bytes[start + 1])
    }
}
