// SPDX-License-Identifier: Apache-2.0

public import Wire

/// The 4 bytes after EtherType 0x1212: `level:8 flags:8 forward:8 count:8`.
public struct Shim: Sendable, Hashable {
    /// Bytes.
    public static let size = 4
    /// The most hop records that a frame carries.
    public static let maximumCount = 20

    /// Single bits of the shim.
    public struct Flags: OptionSet, Sendable, Hashable {
        /// As on the wire.
        public var rawValue: UInt8
        /// The flags of these bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// H: a host record follows the hop records.
        public static let hostRecord = Flags(rawValue: 0x80)
        /// M: a hop had no room for its record and added nothing.
        public static let noRoom = Flags(rawValue: 0x40)
        /// 6: the inner packet is IPv6. For levels without `next_proto`.
        public static let innerIPv6 = Flags(rawValue: 0x20)
        /// E: a hop found the frame full of records and added nothing.
        public static let hopLimit = Flags(rawValue: 0x10)
        /// S: a source record follows the hop records; there may then be no hop records.
        public static let sourceRecord = Flags(rawValue: 0x08)
    }

    /// What follows records that do not say it themselves.
    var announced: EtherType {
        if flags.contains(.sourceRecord) { return .sourceRecord }
        if flags.contains(.hostRecord) { return .extendedHostRecord }
        return flags.contains(.innerIPv6) ? .ipv6 : .ipv4
    }

    /// The layout of every hop record in the frame: a `Level`.
    public var level: UInt8
    /// Single bits.
    public var flags: Flags
    /// How many records, the oldest ones, the request path added; 0 until a host answered.
    public var forward: UInt8
    /// Hops that added to the frame.
    public var count: UInt8

    /// A shim of a known level.
    public init(level: Level, flags: Flags = [], forward: UInt8 = 0, count: UInt8) {
        self.level = level.rawValue
        self.flags = flags
        self.forward = forward
        self.count = count
    }

    /// Reads a shim, whatever its level.
    public init(parsing cursor: inout PacketCursor) throws(ShortRead) {
        let word = try cursor.uint32()
        level = UInt8(word >> 24)
        flags = Flags(rawValue: UInt8(word >> 16 & 0xFF))
        forward = UInt8(word >> 8 & 0xFF)
        count = UInt8(word & 0xFF)
    }

    /// Writes the 4 bytes.
    public func write(into writer: inout PacketWriter) {
        writer.uint8(level)
        writer.uint8(flags.rawValue)
        writer.uint8(forward)
        writer.uint8(count)
    }
}
