// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

extension PacketRing {
    /// Does what the sender left to its network card.
    ///
    /// - Returns: nil if the frame may be handed over as it is now; otherwise how many packets of it were handed over.
    mutating func finish(
        _ frame: UnsafeMutableRawBufferPointer, _ offload: TransmitOffload, _ header: tpacket2_hdr, _ flags: UInt32,
        _ timestamp: UInt64, _ body: (Span<UInt8>, ReceivedFrame) -> Void
    ) -> Int? {
        let isComplete = flags & UInt32(TP_STATUS_COPY) == 0
        guard offload.segmentSize > 0, completesOffloads else {
            if !isComplete { discardLongFrame() }
            if completesOffloads, Int(header.tp_len) == frame.count, unsafe offload.finishChecksum(of: frame) {
                counters.checksumsFinished += 1
            }
            return nil
        }
        if longFrames == nil { longFrames = LongFrameRoom() }
        guard isComplete else {
            let long = unsafe receiveLongFrame()
            return unsafe handOverSegments(of: long, offload, header, flags, timestamp, body)
        }
        return unsafe handOverSegments(of: UnsafeRawBufferPointer(frame), offload, header, flags, timestamp, body)
    }

    private mutating func handOverSegments(
        of frame: UnsafeRawBufferPointer, _ offload: TransmitOffload, _ header: tpacket2_hdr, _ flags: UInt32,
        _ timestamp: UInt64, _ body: (Span<UInt8>, ReceivedFrame) -> Void
    ) -> Int? {
        guard frame.count == Int(header.tp_len), let cut = unsafe Segmentation(of: frame, offload),
            cut.largestFrame <= frameCapacity, let room = unsafe longFrames?.packet
        else { return nil }
        let isTagged = flags & UInt32(TP_STATUS_VLAN_VALID) != 0
        let count = unsafe cut.forEachPacket(of: frame, in: room) { packet in
            var bytes = UnsafeRawBufferPointer(packet)
            if isTagged, let start = packet.baseAddress {
                unsafe Self.restoreVLANTag(of: header, flags: flags, frame: start)
                unsafe bytes = UnsafeRawBufferPointer(start: start - 4, count: packet.count + 4)
            }
            let span = unsafe bytes.assumingMemoryBound(to: UInt8.self).span
            body(span, ReceivedFrame(timestamp: timestamp, originalLength: bytes.count))
        }
        counters.received += UInt64(count)
        counters.segmented += 1
        return count
    }

    /// The oldest frame that was too long for a slot, without the description in front of it.
    private func receiveLongFrame() -> UnsafeRawBufferPointer {
        guard let room = unsafe longFrames?.frame else { return unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
        let count = unsafe recv(descriptor.number, room.baseAddress, room.count, Int32(MSG_DONTWAIT))
        guard count > TransmitOffload.byteCount else { return unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
        return unsafe UnsafeRawBufferPointer(rebasing: room[TransmitOffload.byteCount..<count])
    }

    private func discardLongFrame() {
        var description = [UInt8](repeating: 0, count: TransmitOffload.byteCount)
        _ = unsafe recv(descriptor.number, &description, description.count, Int32(MSG_DONTWAIT))
    }
}

/// Memory for a frame of many packets and for one of these.
@safe
final class LongFrameRoom: @unchecked Sendable {
    /// A description and 64 KiB of IP packet with its Ethernet header and tags.
    let frame: UnsafeMutableRawBufferPointer
    /// With room for a VLAN tag before it.
    var packet: UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(rebasing: packetRoom[Self.tag...])
    }

    private let packetRoom: UnsafeMutableRawBufferPointer
    private static let tag = 4
    private static let largest = (1 << 16) + 64

    init() {
        unsafe frame = .allocate(byteCount: Self.largest, alignment: 64)
        unsafe packetRoom = .allocate(byteCount: Self.largest, alignment: 64)
    }

    deinit {
        unsafe frame.deallocate()
        unsafe packetRoom.deallocate()
    }
}
