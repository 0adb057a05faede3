// SPDX-License-Identifier: Apache-2.0

/// Makes the bytes of a pcap file, header first; where they go is the caller's affair.
public struct PcapWriter: Sendable {
    /// The form of the file.
    public let format: PcapFormat
    private var pending: [UInt8] = []

    /// A writer whose `bytes` begin with the file header.
    public init(format: PcapFormat = PcapFormat()) {
        self.format = format
        append(format.magic)
        append(format.byteOrder == .littleEndian ? 0x0004_0002 : 0x0002_0004)
        append(0)
        append(0)
        append(format.snapshotLength)
        append(format.linkType)
    }

    /// Hands over the bytes made so far, to be appended to the file.
    public mutating func drain() -> [UInt8] {
        defer { pending = [] }
        return pending
    }

    /// Adds a packet, cut to the snapshot length.
    public mutating func add(_ packet: PcapPacket) {
        add(packet.bytes.span, time: packet.time, originalLength: packet.originalLength)
    }

    /// Adds a packet.
    /// - Parameters:
    ///   - time: nanoseconds since 1970.
    ///   - originalLength: bytes on the wire, at least as many as are stored.
    public mutating func add(_ bytes: Span<UInt8>, time: UInt64, originalLength: Int) {
        let captured = min(bytes.count, Int(min(format.snapshotLength, PcapFormat.longestPacket)))
        append(UInt32(truncatingIfNeeded: time / 1_000_000_000))
        append(UInt32(truncatingIfNeeded: time % 1_000_000_000 / format.nanosecondsPerFraction))
        append(UInt32(captured))
        append(UInt32(truncatingIfNeeded: max(originalLength, bytes.count)))
        for index in 0..<captured { pending.append(bytes[index]) }
    }

    private mutating func append(_ value: UInt32) {
        let ordered = format.byteOrder == .bigEndian ? value : value.byteSwapped
        for shift: UInt32 in [24, 16, 8, 0] { pending.append(UInt8(truncatingIfNeeded: ordered >> shift)) }
    }
}
