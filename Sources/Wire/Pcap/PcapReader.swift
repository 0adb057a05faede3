// SPDX-License-Identifier: Apache-2.0

/// Accepts a classic pcap or a pcapng file in pieces of any size and returns its packets, so that a long file is never in memory at once.
public struct PcapReader: Sendable {
    /// Known once the first 24 bytes have come. In a pcapng file, what holds for the interface of the last packet.
    public private(set) var format: PcapFormat?
    private var pending: [UInt8] = []
    /// Bytes of `pending` already given out.
    private var used = 0
    /// Bytes of the file in front of `pending`.
    private var dropped = 0
    /// Of a pcapng file: the interfaces of the section; nil for a classic file.
    private var interfaces: [CaptureInterface]?

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
        if interfaces != nil { return try nextInBlocks() }
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
        return try readSectionFormat()
    }

    private mutating func readSectionFormat() throws(PcapError) -> PcapFormat? {
        guard word(at: 0, .bigEndian) == Block.section else {
            throw error(.notPcap, "its first bytes are not those of a pcap or pcapng file")
        }
        interfaces = []
        format = PcapFormat(byteOrder: try sectionOrder())
        return format
    }

    /// Types of blocks, and their limits.
    private enum Block {
        static let section: UInt32 = 0x0A0D_0D0A
        static let interface: UInt32 = 1
        static let simplePacket: UInt32 = 3
        static let packet: UInt32 = 6
        /// Longer blocks are taken for damage.
        static let longest: UInt32 = 1 << 20
        static let mostInterfaces = 65_536
    }

    /// The next packet of a pcapng file; blocks of other kinds are passed over.
    private mutating func nextInBlocks() throws(PcapError) -> PcapPacket? {
        while pending.count - used >= 12 {
            let type = word(at: used, format?.byteOrder ?? .littleEndian)
            let order = type == Block.section ? try sectionOrder() : format?.byteOrder ?? .littleEndian
            format?.byteOrder = order
            let length = word(at: used + 4, order)
            guard length >= 12, length % 4 == 0, length <= Block.longest else {
                throw error(.damagedBlock, "a block's length must be a multiple of 4 from 12 to 1048576, got \(length)")
            }
            let end = used + Int(length)
            guard pending.count >= end else { return nil }
            guard word(at: end - 4, order) == length else {
                throw error(.damagedBlock, "a block's two lengths must be equal, got \(length) and another")
            }
            let packet = try read(type, used + 8..<end - 4, order)
            used = end
            if let packet { return packet }
        }
        return nil
    }

    /// Byte order of the section whose header is next.
    private func sectionOrder() throws(PcapError) -> PcapFormat.ByteOrder {
        for order in PcapFormat.ByteOrder.allCases where word(at: used + 8, order) == 0x1A2B_3C4D { return order }
        throw error(.notPcap, "the byte-order magic of a pcapng section must be 1a2b3c4d")
    }

    private mutating func read(
        _ type: UInt32, _ body: Range<Int>, _ order: PcapFormat.ByteOrder
    ) throws(PcapError) -> PcapPacket? {
        switch type {
        case Block.section:
            try need(16, body)
            let major = half(at: body.lowerBound + 4, order)
            guard major == 1 else { throw error(.unknownVersion, "its pcapng version must be 1, got \(major)") }
            interfaces = []
        case Block.interface:
            try need(8, body)
            guard interfaces?.count ?? 0 < Block.mostInterfaces else {
                throw error(.damagedBlock, "a section must have at most \(Block.mostInterfaces) interfaces, got more")
            }
            let described = interface(in: body, order)
            interfaces?.append(described)
        case Block.packet:
            return try timedPacket(in: body, order)
        case Block.simplePacket:
            return try simplePacket(in: body, order)
        default: break
        }
        return nil
    }

    private mutating func timedPacket(
        in body: Range<Int>, _ order: PcapFormat.ByteOrder
    ) throws(PcapError) -> PcapPacket? {
        try need(20, body)
        let start = body.lowerBound
        let ticks = UInt64(word(at: start + 4, order)) << 32 | UInt64(word(at: start + 8, order))
        let time = try use(word(at: start, order)).nanoseconds(ticks)
        return try packet(
            time, word(at: start + 12, order), word(at: start + 16, order), start + 20..<body.upperBound)
    }

    /// A packet of the first interface, without a time: its time is 0.
    private mutating func simplePacket(
        in body: Range<Int>, _ order: PcapFormat.ByteOrder
    ) throws(PcapError) -> PcapPacket? {
        try need(4, body)
        let limit = try use(0).snapshotLength
        let original = word(at: body.lowerBound, order)
        let stored = limit == 0 ? original : min(original, limit)
        return try packet(0, stored, original, body.lowerBound + 4..<body.upperBound)
    }

    private func packet(
        _ time: UInt64, _ stored: UInt32, _ original: UInt32, _ data: Range<Int>
    ) throws(PcapError) -> PcapPacket {
        guard stored <= PcapFormat.longestPacket else {
            throw error(.packetTooLong, "a packet of \(stored) bytes is longer than \(PcapFormat.longestPacket)")
        }
        guard Int(stored) <= data.count else {
            throw error(.damagedBlock, "a packet must fit its block of \(data.count) bytes, got \(stored)")
        }
        return PcapPacket(
            time: time, bytes: Array(pending[data.prefix(Int(stored))]), originalLength: Int(max(original, stored)))
    }

    /// The interface with this number, which `format` then describes.
    private mutating func use(_ number: UInt32) throws(PcapError) -> CaptureInterface {
        guard let interfaces, Int(number) < interfaces.count else {
            throw error(.damagedBlock, "a packet's interface must be described before it, got number \(number)")
        }
        format?.linkType = interfaces[Int(number)].linkType
        format?.snapshotLength = interfaces[Int(number)].snapshotLength
        return interfaces[Int(number)]
    }

    private func interface(in body: Range<Int>, _ order: PcapFormat.ByteOrder) -> CaptureInterface {
        var interface = CaptureInterface(
            linkType: UInt32(half(at: body.lowerBound, order)), snapshotLength: word(at: body.lowerBound + 4, order))
        var place = body.lowerBound + 8
        while place + 4 <= body.upperBound {
            let (code, length) = (half(at: place, order), Int(half(at: place + 2, order)))
            guard code != 0, place + 4 + length <= body.upperBound else { break }
            if code == 9, length == 1 { interface.resolution = pending[place + 4] }
            if code == 14, length == 8 {
                let words = (UInt64(word(at: place + 4, order)), UInt64(word(at: place + 8, order)))
                let bits = order == .bigEndian ? words.0 << 32 | words.1 : words.1 << 32 | words.0
                interface.offset = Int64(bitPattern: bits)
            }
            place += 4 + (length + 3) / 4 * 4
        }
        return interface
    }

    private func need(_ bytes: Int, _ body: Range<Int>) throws(PcapError) {
        guard body.count >= bytes else {
            throw error(.damagedBlock, "a block must have \(bytes) bytes, got \(body.count)")
        }
    }

    private func half(at index: Int, _ order: PcapFormat.ByteOrder) -> UInt16 {
        let bigEndian = UInt16(pending[index]) << 8 | UInt16(pending[index + 1])
        return order == .bigEndian ? bigEndian : bigEndian.byteSwapped
    }

    private func word(at index: Int, _ order: PcapFormat.ByteOrder) -> UInt32 {
        let bigEndian = pending[index..<index + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return order == .bigEndian ? bigEndian : bigEndian.byteSwapped
    }

    private func error(_ code: PcapError.Code, _ detail: String) -> PcapError {
        PcapError(code: code, offset: dropped + used, detail: detail)
    }
}
