// SPDX-License-Identifier: Apache-2.0

internal import CLinux

/// What a sender left to its network card, and what a veth pair then passes on undone: the checksum of UDP or TCP, and
/// the cut into packets. The kernel describes it in front of a received frame (linux/virtio_net.h, struct
/// virtio_net_hdr, in the machine's byte order).
struct TransmitOffload: Equatable {
    /// Where the transport header begins, and the checksum field in it, in bytes from the frame's start; nil if the
    /// checksum is finished. The field holds the sum of the pseudo header.
    var unfinishedChecksum: (start: Int, field: Int)? {
        needsChecksum ? (checksumStart, checksumStart + checksumOffset) : nil
    }

    private let needsChecksum: Bool
    private let checksumStart: Int
    private let checksumOffset: Int
    /// Payload bytes of a packet; 0 for a frame that is one packet.
    let segmentSize: Int

    /// Bytes of the description.
    static let byteCount = MemoryLayout<virtio_net_hdr>.size

    /// - Parameters:
    ///   - checksum: where the transport header begins, and the field in it; nil: nothing is unfinished.
    ///   - segmentSize: payload bytes of a packet; 0 for a frame that is one packet.
    init(checksum: (start: Int, offset: Int)?, segmentSize: Int = 0) {
        needsChecksum = checksum != nil
        checksumStart = checksum?.start ?? 0
        checksumOffset = checksum?.offset ?? 0
        self.segmentSize = segmentSize
    }

    /// Reads the `byteCount` bytes at `description`.
    init(at description: UnsafeRawPointer) {
        let header = unsafe description.loadUnaligned(as: virtio_net_hdr.self)
        needsChecksum = header.flags & UInt8(VIRTIO_NET_HDR_F_NEEDS_CSUM) != 0
        checksumStart = Int(header.csum_start)
        checksumOffset = Int(header.csum_offset)
        segmentSize = header.gso_type == UInt8(VIRTIO_NET_HDR_GSO_NONE) ? 0 : Int(header.gso_size)
    }

    /// Nothing is left to do: almost every frame.
    var isNothing: Bool { !needsChecksum && segmentSize == 0 }

    /// Writes the checksum that `frame`, one packet, should have.
    /// - Returns: false if the frame ends before the field.
    func finishChecksum(of frame: UnsafeMutableRawBufferPointer) -> Bool {
        guard let place = unfinishedChecksum else { return true }
        guard place.field + 2 <= frame.count else { return false }
        let sum = unsafe OnesComplementSum.of(UnsafeRawBufferPointer(rebasing: frame[place.start...]))
        // Of UDP, 0 would say that there is no checksum; for TCP both values of zero are right.
        let value = ~sum == 0 ? 0xffff : ~sum
        unsafe frame.storeBytes(of: value, toByteOffset: place.field, as: UInt16.self)
        return true
    }
}

/// The sum of RFC 1071, in the machine's byte order: it does not depend on it as long as the result is stored likewise.
enum OnesComplementSum {
    /// The folded sum of `bytes`, in 16-bit words from the first; an odd last byte counts as followed by a zero.
    static func of(_ bytes: UnsafeRawBufferPointer) -> UInt16 {
        var sum: UInt64 = 0
        var at = 0
        while at + 4 <= bytes.count {
            sum &+= unsafe UInt64(bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self))
            at += 4
        }
        if at + 2 <= bytes.count {
            sum &+= unsafe UInt64(bytes.loadUnaligned(fromByteOffset: at, as: UInt16.self))
            at += 2
        }
        if at < bytes.count { sum &+= unsafe UInt64(UInt16(littleEndian: UInt16(bytes[at]))) }
        while sum > 0xffff { sum = (sum & 0xffff) &+ (sum >> 16) }
        return UInt16(truncatingIfNeeded: sum)
    }
}
