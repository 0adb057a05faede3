// SPDX-License-Identifier: Apache-2.0

internal import CLinux

/// What the kernel reports about a received frame besides its bytes.
public struct ReceivedFrame: Equatable, Sendable {
    /// When the kernel got it, in nanoseconds of `DomainClock`.
    public let timestamp: UInt64
    /// Bytes on the wire, VLAN tag included; more than were handed over if the frame was cut.
    public let originalLength: Int
}

extension PacketRing {
    /// Whether a frame waits to be received. Costs a look at memory.
    public var hasArrivals: Bool {
        let status = unsafe (mapping.base + receiveIndex * geometry.slotSize).assumingMemoryBound(to: UInt32.self)
        return unsafe p4ni_load_acquire(status) & UInt32(TP_STATUS_USER) != 0
    }

    /// Hands over the frames that have arrived, oldest first, until there were `limit` of them, and gives their slots
    /// back to the kernel.
    ///
    /// A VLAN tag that the kernel took out is put back in its place. What the sender left to a network card is done: a
    /// checksum is finished, and a frame of many packets is handed over as these (so there can be more than `limit`).
    /// The bytes are valid only within `body`.
    /// - Returns: how many frames there were; `limit` or more means that others may wait.
    @discardableResult
    public mutating func receive(limit: Int = 64, _ body: (Span<UInt8>, ReceivedFrame) -> Void) -> Int {
        var count = 0
        while count < limit {
            let slot = unsafe mapping.base + receiveIndex * geometry.slotSize
            let status = unsafe slot.assumingMemoryBound(to: UInt32.self)
            let flags = unsafe p4ni_load_acquire(status)
            guard flags & UInt32(TP_STATUS_USER) != 0 else { break }
            count += unsafe handOver(slot, flags: flags, body)
            unsafe p4ni_store_release(status, UInt32(TP_STATUS_KERNEL))
            receiveIndex = (receiveIndex + 1) & (geometry.slotCount - 1)
        }
        return count
    }

    @inline(__always)
    private mutating func handOver(
        _ slot: UnsafeMutableRawPointer, flags: UInt32, _ body: (Span<UInt8>, ReceivedFrame) -> Void
    ) -> Int {
        let header = unsafe slot.load(as: tpacket2_hdr.self)
        var start = Int(header.tp_mac)
        var length = Int(header.tp_snaplen)
        var originalLength = Int(header.tp_len)
        // Before a VLAN tag is put back where it lies.
        let offload = unsafe TransmitOffload(at: slot + start - TransmitOffload.byteCount)
        let realtime = UInt64(header.tp_sec) * 1_000_000_000 + UInt64(header.tp_nsec)
        let timestamp = realtime &+ clockAheadOfRealtime
        if !offload.isNothing && completesOffloads || flags & UInt32(TP_STATUS_COPY) != 0 {
            let frame = unsafe UnsafeMutableRawBufferPointer(start: slot + start, count: length)
            if let count = unsafe finish(frame, offload, header, flags, timestamp, body) { return count }
        }
        if originalLength > length { counters.receivedCut += 1 }
        if flags & UInt32(TP_STATUS_VLAN_VALID) != 0, length >= 12, start >= 4 {
            unsafe Self.restoreVLANTag(of: header, flags: flags, frame: slot + start)
            start -= 4
            length += 4
            originalLength += 4
        }
        counters.received += 1
        let bytes = unsafe UnsafeBufferPointer(start: (slot + start).assumingMemoryBound(to: UInt8.self), count: length)
        unsafe body(bytes.span, ReceivedFrame(timestamp: timestamp, originalLength: originalLength))
        return 1
    }

    /// Moves both MAC addresses 4 bytes down and writes the tag, in network order, where they ended.
    static func restoreVLANTag(of header: tpacket2_hdr, flags: UInt32, frame: UnsafeMutableRawPointer) {
        unsafe (frame - 4).copyMemory(from: frame, byteCount: 12)
        let named = flags & UInt32(TP_STATUS_VLAN_TPID_VALID) != 0
        let protocolID = named ? header.tp_vlan_tpid : UInt16(ETH_P_8021Q)
        unsafe (frame + 8).storeBytes(of: protocolID.bigEndian, as: UInt16.self)
        unsafe (frame + 10).storeBytes(of: header.tp_vlan_tci.bigEndian, as: UInt16.self)
    }
}
