// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Cuts a frame of many packets, as a sender leaves it to its network card (TSO, UDP GSO), into the packets.
///
/// Understands IPv4 and IPv6 without extension headers, after up to two VLAN tags, with TCP or UDP on top: nothing else
/// leaves a Linux host in that form.
struct Segmentation {
    private let network: Int
    private let transport: Int
    private let isIPv6: Bool
    private let isTCP: Bool
    /// Bytes before the payload.
    private let headerSize: Int
    private let segmentSize: Int
    private let offload: TransmitOffload

    /// Bytes of the longest packet that comes out.
    var largestFrame: Int { headerSize + segmentSize }

    /// Nil if the frame has another form.
    init?(of frame: UnsafeRawBufferPointer, _ offload: TransmitOffload) {
        guard offload.segmentSize > 0, let checksum = offload.unfinishedChecksum,
            let (network, isIPv6) = unsafe Self.networkHeader(of: frame)
        else { return nil }
        transport = checksum.start
        let shortest = network + (isIPv6 ? 40 : 20)
        guard transport >= shortest, checksum.field + 2 <= frame.count, frame.count >= transport + 20 else {
            return nil
        }
        let number = unsafe frame[network + (isIPv6 ? 6 : 9)]
        switch Int32(number) {
        case Int32(IPPROTO_TCP):
            isTCP = true
            headerSize = unsafe transport + Int(frame[transport + 12] >> 4) * 4
        case Int32(IPPROTO_UDP):
            isTCP = false
            headerSize = transport + 8
        default: return nil
        }
        guard headerSize >= transport + (isTCP ? 20 : 8), headerSize < frame.count else { return nil }
        self.network = network
        self.isIPv6 = isIPv6
        segmentSize = offload.segmentSize
        self.offload = offload
    }

    /// Where the IP header begins, and whether it is IPv6's.
    private static func networkHeader(of frame: UnsafeRawBufferPointer) -> (at: Int, isIPv6: Bool)? {
        var at = 12
        for _ in 0..<3 {
            guard at + 2 <= frame.count else { return nil }
            switch unsafe UInt16(bigEndian: frame.loadUnaligned(fromByteOffset: at, as: UInt16.self)) {
            case 0x0800: return (at + 2, false)
            case 0x86dd: return (at + 2, true)
            case 0x8100, 0x88a8: at += 4
            default: return nil
            }
        }
        return nil
    }

    /// Writes each packet into `room`, of at least `largestFrame` bytes, and calls `body` with it.
    /// - Returns: how many there were.
    @discardableResult
    func forEachPacket(
        of frame: UnsafeRawBufferPointer, in room: UnsafeMutableRawBufferPointer,
        _ body: (UnsafeMutableRawBufferPointer) -> Void
    ) -> Int {
        guard room.count >= largestFrame else { return 0 }
        var (index, at) = (0, headerSize)
        while at < frame.count {
            let payload = min(segmentSize, frame.count - at)
            let packet = unsafe UnsafeMutableRawBufferPointer(rebasing: room[..<(headerSize + payload)])
            unsafe packet.copyMemory(from: UnsafeRawBufferPointer(rebasing: frame[..<headerSize]))
            unsafe UnsafeMutableRawBufferPointer(rebasing: packet[headerSize...])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: frame[at..<(at + payload)]))
            unsafe complete(packet, index: index, isLast: at + payload == frame.count)
            unsafe body(packet)
            index += 1
            at += payload
        }
        return index
    }

    private func complete(_ packet: UnsafeMutableRawBufferPointer, index: Int, isLast: Bool) {
        let transportBytes = packet.count - transport
        unsafe completeNetwork(packet, index: index)
        if isTCP {
            unsafe completeTCP(packet, index: index, isLast: isLast)
        } else {
            unsafe Self.store(UInt16(truncatingIfNeeded: transportBytes), in: packet, at: transport + 4)
        }
        guard let field = offload.unfinishedChecksum?.field else { return }
        unsafe packet.storeBytes(of: pseudoHeaderSum(packet, transportBytes), toByteOffset: field, as: UInt16.self)
        _ = unsafe offload.finishChecksum(of: packet)
    }

    /// Length, and for IPv4 identification and checksum.
    private func completeNetwork(_ packet: UnsafeMutableRawBufferPointer, index: Int) {
        let bytes = packet.count - network
        guard !isIPv6 else {
            return unsafe Self.store(UInt16(truncatingIfNeeded: bytes - 40), in: packet, at: network + 4)
        }
        let identification = unsafe Self.load(packet, at: network + 4)
        unsafe Self.store(UInt16(truncatingIfNeeded: bytes), in: packet, at: network + 2)
        unsafe Self.store(identification &+ UInt16(truncatingIfNeeded: index), in: packet, at: network + 4)
        unsafe Self.store(0, in: packet, at: network + 10)
        let header = unsafe UnsafeRawBufferPointer(rebasing: packet[network..<transport])
        unsafe packet.storeBytes(of: ~OnesComplementSum.of(header), toByteOffset: network + 10, as: UInt16.self)
    }

    /// The sequence number; FIN and PSH belong to the last segment, CWR to the first (RFC 3168, section 6.1.2).
    private func completeTCP(_ packet: UnsafeMutableRawBufferPointer, index: Int, isLast: Bool) {
        let sequence = unsafe packet.loadUnaligned(fromByteOffset: transport + 4, as: UInt32.self)
        let number = UInt32(bigEndian: sequence) &+ UInt32(truncatingIfNeeded: index * segmentSize)
        unsafe packet.storeBytes(of: number.bigEndian, toByteOffset: transport + 4, as: UInt32.self)
        if !isLast { unsafe packet[transport + 13] &= ~0x09 }
        if index > 0 { unsafe packet[transport + 13] &= ~0x80 }
    }

    /// In the machine's byte order, as the checksum field holds it before the rest is added.
    private func pseudoHeaderSum(_ packet: UnsafeMutableRawBufferPointer, _ transportBytes: Int) -> UInt16 {
        let addresses = isIPv6 ? (network + 8)..<(network + 40) : (network + 12)..<(network + 20)
        let number = UInt16(isTCP ? IPPROTO_TCP : IPPROTO_UDP)
        var sum = unsafe UInt32(OnesComplementSum.of(UnsafeRawBufferPointer(rebasing: packet[addresses])))
        sum += UInt32(number.bigEndian) + UInt32(UInt16(truncatingIfNeeded: transportBytes).bigEndian)
        while sum > 0xffff { sum = (sum & 0xffff) + (sum >> 16) }
        return UInt16(truncatingIfNeeded: sum)
    }

    private static func load(_ packet: UnsafeMutableRawBufferPointer, at offset: Int) -> UInt16 {
        unsafe UInt16(bigEndian: packet.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    private static func store(_ value: UInt16, in packet: UnsafeMutableRawBufferPointer, at offset: Int) {
        unsafe packet.storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt16.self)
    }
}
