// SPDX-License-Identifier: Apache-2.0

public import Addresses

/// A TCP header with its options.
public struct TCPHeader: Sendable, Hashable {
    /// Bytes on the wire, without options.
    public static let fixedSize = 20

    /// The control bits of RFC 9293.
    public struct Flags: OptionSet, Sendable, Hashable {
        /// The bits as in the header's 14th byte.
        public var rawValue: UInt8
        /// The bits as in the header's 14th byte.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// FIN
        public static let finish = Flags(rawValue: 0x01)
        /// SYN
        public static let synchronize = Flags(rawValue: 0x02)
        /// RST
        public static let reset = Flags(rawValue: 0x04)
        /// PSH
        public static let push = Flags(rawValue: 0x08)
        /// ACK
        public static let acknowledgement = Flags(rawValue: 0x10)
        /// URG
        public static let urgent = Flags(rawValue: 0x20)
    }

    /// The sender's port.
    public var sourcePort: Port
    /// The receiver's port.
    public var destinationPort: Port
    /// Number of the first byte of the payload in the sender's stream.
    public var sequence: UInt32
    /// Number of the next byte that the sender expects.
    public var acknowledgement: UInt32
    /// The control bits.
    public var flags: Flags
    /// Bytes that the sender can receive, before scaling.
    public var window: UInt16
    /// Of header, payload and the pseudo header.
    public var checksum: UInt16
    /// Valid with `urgent` only.
    public var urgentPointer: UInt16
    /// A multiple of 4 bytes, at most 40.
    public var options: [UInt8]

    /// The defaults are those of a segment in an open connection; the checksum is as given, not computed.
    public init(
        sourcePort: Port, destinationPort: Port, sequence: UInt32 = 0, acknowledgement: UInt32 = 0, flags: Flags = [],
        window: UInt16 = 0, checksum: UInt16 = 0, urgentPointer: UInt16 = 0, options: [UInt8] = []
    ) {
        precondition(options.count % 4 == 0 && options.count <= 40)
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.sequence = sequence
        self.acknowledgement = acknowledgement
        self.flags = flags
        self.window = window
        self.checksum = checksum
        self.urgentPointer = urgentPointer
        self.options = options
    }

    /// Bytes on the wire, with options.
    public var size: Int { Self.fixedSize + options.count }

    /// Reads 20 bytes and the options.
    public init(parsing cursor: inout PacketCursor) throws(ShortRead) {
        let start = cursor.offset
        sourcePort = Port(rawValue: try cursor.uint16())
        destinationPort = Port(rawValue: try cursor.uint16())
        sequence = try cursor.uint32()
        acknowledgement = try cursor.uint32()
        let headerLength = Int(try cursor.uint8() >> 4) * 4
        guard headerLength >= Self.fixedSize else {
            throw ShortRead(offset: start, needed: Self.fixedSize, available: headerLength)
        }
        flags = Flags(rawValue: try cursor.uint8())
        window = try cursor.uint16()
        checksum = try cursor.uint16()
        urgentPointer = try cursor.uint16()
        options = try cursor.array(headerLength - Self.fixedSize)
    }

    /// Writes the header with its options.
    public func write(into writer: inout PacketWriter) {
        writer.uint16(sourcePort.rawValue)
        writer.uint16(destinationPort.rawValue)
        writer.uint32(sequence)
        writer.uint32(acknowledgement)
        writer.uint8(UInt8(size / 4) << 4)
        writer.uint8(flags.rawValue)
        writer.uint16(window)
        writer.uint16(checksum)
        writer.uint16(urgentPointer)
        writer.append(options)
    }
}
