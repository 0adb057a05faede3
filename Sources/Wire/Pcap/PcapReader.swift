// SPDX-License-Identifier: Apache-2.0

/// Accepts a pcap file in pieces of any size and returns its packets, so that a long file is never in memory at once.
public struct PcapReader: Sendable {
    /// Known once the first 24 bytes have come.
    public private(set) var format: PcapFormat?
    private var pending: [UInt8] = []
    /// Bytes of `pending` already given out.
    private var used = 0
    /// Bytes of the file in front of `pending`.
    private var dropped = 0

    /// A reader that has been given nothing yet.
    public init() {}

    /// Adds the next bytes of the file, in pieces of any size.
    public mutating func feed(_ bytes: [UInt8]) {
        if used > 0 {
            pending.removeFirst(used)
            dropped += used
            used = 0
        }
        pending += bytes
    }

    /// The next packet, or nil when more bytes must be fed first.
    public mutating func next() throws(PcapError) -> PcapPacket? {
        guard let format = try readFormat() else { return nil }
        guard pending.count - used >= PcapFormat.packetHeaderSize else { return nil }
        let captured = word(at: used + 8, format.byteOrder)
        guard captured <= PcapFormat.longestPacket else {
            throw error(.packetTooLong, "a packet of \(captured) bytes is longer than \(PcapFormat.longestPacket)")
        }
        let start = used + PcapFormat.packetHeaderSize
        guard pending.count - start >= Int(captured) else { return nil }
        let seconds = UInt64(word(at: used, format.byteOrder))
        let fraction = UInt64(word(at: used + 4, format.byteOrder))
        let original = Int(word(at: used + 12, format.byteOrder))
        used = start + Int(captured)
        return PcapPacket(
            time: seconds * 1_000_000_000 + fraction * format.nanosecondsPerFraction,
            bytes: Array(pending[start..<used]),
            originalLength: max(original, Int(captured)))
    }

    /// To be called at the file's end: an unfinished packet, or a file too short for its header, is an error.
    public func finish() throws(PcapError) {
        if format == nil { throw error(.truncated, "it is shorter than the 24-byte header") }
        if used < pending.count { throw error(.truncated, "it ends inside a packet") }
    }

    private mutating func readFormat() throws(PcapError) -> PcapFormat? {
        if let format { return format }
        guard pending.count >= PcapFormat.headerSize else { return nil }
        for order in PcapFormat.ByteOrder.allCases {
            for resolution in PcapFormat.Resolution.allCases {
                var candidate = PcapFormat(resolution: resolution, byteOrder: order)
                guard word(at: 0, order) == candidate.magic else { continue }
                let major = order == .bigEndian ? word(at: 4, order) >> 16 : word(at: 4, order) & 0xFFFF
                guard major == 2 else { throw error(.unknownVersion, "its version is \(major), not 2") }
                candidate.snapshotLength = word(at: 16, order)
                candidate.linkType = word(at: 20, order)
                used = PcapFormat.headerSize
                format = candidate
                return candidate
            }
        }
        throw error(.notPcap, "its first bytes are not those of a classic pcap file (pcapng is not read)")
    }

    private func word(at index: Int, _ order: PcapFormat.ByteOrder) -> UInt32 {
        let bigEndian = pending[index..<index + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return order == .bigEndian ? bigEndian : bigEndian.byteSwapped
    }

    private func error(_ code: PcapError.Code, _ detail: String) -> PcapError {
        PcapError(code: code, offset: dropped + used, detail: detail)
    }
}
