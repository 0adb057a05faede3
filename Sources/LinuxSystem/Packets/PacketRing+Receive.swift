// SPDX-License-Identifier: Apache-2.0

internal import CLinux

/// What the kernel reports about a received frame besides its bytes.
public struct ReceivedFrame: Equatable, Sendable {
    /// When the kernel got it, in nanoseconds of `DomainClock`.
    public let timestamp: UInt64
    /// Bytes on the wire, VLAN tag included; more than were handed over if the frame was cut.
    public let originalLength: Int
    /// The sender left the checksum to hardware that it does not have: those in the frame are not valid.
    public let checksumUnfinished: Bool
}

extension PacketRing {
    /// Whether a frame waits to be received. Costs a look at memory.
    public var hasArrivals: Bool {
        let status = unsafe (mapping.base + receiveIndex * geometry.slotSize).assumingMemoryBound(to: UInt32.self)
        return unsafe p4ni_load_acquire(status) & UInt32(TP_STATUS_USER) != 0
    }

    /// Hands over up to `limit` frames that have arrived, oldest first, and gives their slots back to the kernel.
    ///
    /// A VLAN tag that the kernel took out is put back in its place. The bytes are valid only within `body`.
    /// - Returns: how many frames there were; `limit` means that there may be more.
    @discardableResult
    public mutating func receive(limit: Int = 64, _ body: (Span<UInt8>, ReceivedFrame) -> Void) -> Int {
        var count = 0
        while count < limit {
            let slot = unsafe mapping.base + receiveIndex * geometry.slotSize
            let status = unsafe slot.assumingMemoryBound(to: UInt32.self)
            let flags = unsafe p4ni_load_acquire(status)
            guard flags & UInt32(TP_STATUS_USER) != 0 else { break }
            unsafe handOver(slot, flags: flags, body)
            unsafe p4ni_store_release(status, UInt32(TP_STATUS_KERNEL))
            receiveIndex = (receiveIndex + 1) & (geometry.slotCount - 1)
            count += 1
        }
        return count
    }

    @inline(__always)
    private mutating func handOver(
        _ slot: UnsafeMutableRawPointer, flags: UInt32, _ body: (Span<UInt8>, ReceivedFrame) -> Void
    ) {
        let header = unsafe slot.load(as: tpacket2_hdr.self)
        var start = Int(header.tp_mac)
        var length = Int(header.tp_snaplen)
        var originalLength = Int(header.tp_len)
        if originalLength > length { counters.receivedCut += 1 }
        if flags & UInt32(TP_STATUS_VLAN_VALID) != 0, length >= 12, start >= 4 {
            unsafe Self.restoreVLANTag(of: header, flags: flags, frame: slot + start)
            start -= 4
            length += 4
            originalLength += 4
        }
        counters.received += 1
        let realtime = UInt64(header.tp_sec) * 1_000_000_000 + UInt64(header.tp_nsec)
        let info = ReceivedFrame(
            timestamp: realtime &+ clockAheadOfRealtime, originalLength: originalLength,
            checksumUnfinished: flags & UInt32(TP_STATUS_CSUMNOTREADY) != 0)
        let bytes = unsafe UnsafeBufferPointer(start: (slot + start).assumingMemoryBound(to: UInt8.self), count: length)
        unsafe body(bytes.span, info)
    }

    /// Moves both MAC addresses 4 bytes down and writes the tag, in network order, where they ended.
    private static func restoreVLANTag(of header: tpacket2_hdr, flags: UInt32, frame: UnsafeMutableRawPointer) {
        unsafe (frame - 4).copyMemory(from: frame, byteCount: 12)
        let named = flags & UInt32(TP_STATUS_VLAN_TPID_VALID) != 0
        let protocolID = named ? header.tp_vlan_tpid : UInt16(ETH_P_8021Q)
        unsafe (frame + 8).storeBytes(of: protocolID.bigEndian, as: UInt16.self)
        unsafe (frame + 10).storeBytes(of: header.tp_vlan_tci.bigEndian, as: UInt16.self)
    }
}
