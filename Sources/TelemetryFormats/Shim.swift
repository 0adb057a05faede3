// SPDX-License-Identifier: Apache-2.0

public import Wire

/// The 4 bytes behind EtherType 0x1212: `level:8 flags:8 forward:8 count:8`.
///
/// Level 0 marks the reference form, in which the same bytes are one 32-bit count: no flags, no `forward`, and the
/// level of the records is known by configuration.
public struct Shim: Sendable, Hashable {
    public static let size = 4
    /// The most hop records that a frame carries.
    public static let maximumCount = 20

    public struct Flags: OptionSet, Sendable, Hashable {
        public var rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// H: a host record follows the hop records.
        public static let hostRecord = Flags(rawValue: 0x80)
        /// M: a hop had no room for its record and added nothing.
        public static let noRoom = Flags(rawValue: 0x40)
        /// 6: the inner packet is IPv6. For levels without `next_proto`, of which there are none yet.
        public static let innerIPv6 = Flags(rawValue: 0x20)
        /// E: a hop found the frame full of records and added nothing.
        public static let hopLimit = Flags(rawValue: 0x10)
        /// S: a source record follows the hop records, of which there may then be none.
        public static let sourceRecord = Flags(rawValue: 0x08)
    }

    /// What follows records that do not say it themselves.
    var announced: EtherType {
        if flags.contains(.sourceRecord) { return .sourceRecord }
        if flags.contains(.hostRecord) { return .extendedHostRecord }
        return flags.contains(.innerIPv6) ? .ipv6 : .ipv4
    }

    /// 0: the reference form.
    public var level: UInt8
    public var flags: Flags
    /// How many records, the oldest ones, were pushed on the request's way; 0 until a host turned the packet round.
    public var forward: UInt8
    /// Hop records. One byte on the wire, but for the reference form.
    public var count: UInt32

    public var isReference: Bool { level == 0 }

    public init(level: Level, flags: Flags = [], forward: UInt8 = 0, count: UInt8) {
        self.level = level.rawValue
        self.flags = flags
        self.forward = forward
        self.count = UInt32(count)
    }

    public init(referenceCount count: UInt32) {
        level = 0
        flags = []
        forward = 0
        self.count = count
    }

    public init(parsing cursor: inout PacketCursor) throws(ShortRead) {
        let word = try cursor.uint32()
        level = UInt8(word >> 24)
        let isReference = level == 0
        flags = isReference ? [] : Flags(rawValue: UInt8(word >> 16 & 0xFF))
        forward = isReference ? 0 : UInt8(word >> 8 & 0xFF)
        count = isReference ? word : word & 0xFF
    }

    public func write(into writer: inout PacketWriter) {
        if isReference {
            writer.uint32(count)
        } else {
            writer.uint8(level)
            writer.uint8(flags.rawValue)
            writer.uint8(forward)
            writer.uint8(UInt8(truncatingIfNeeded: count))
        }
    }
}
