// SPDX-License-Identifier: Apache-2.0

public import Addresses

/// An IPv4 header with its options. The version nibble is the caller's to check, before it calls.
public struct IPv4Header: Sendable, Hashable {
    /// Bytes on the wire, without options.
    public static let fixedSize = 20

    /// Differentiated services and congestion notification.
    public var typeOfService: UInt8
    /// Header and payload as sent, in bytes; a truncated copy of the packet holds fewer.
    public var totalLength: UInt16
    /// Shared by all fragments of one packet.
    public var identification: UInt16
    /// Bit 1: don't fragment; bit 0: more fragments.
    public var flags: UInt8
    /// In units of 8 bytes.
    public var fragmentOffset: UInt16
    /// Routers that may still forward the packet.
    public var timeToLive: UInt8
    /// What follows this header.
    public var ipProtocol: IPProtocol
    /// Of the header alone.
    public var checksum: UInt16
    /// The sender's address.
    public var source: IPv4Address
    /// The receiver's address.
    public var destination: IPv4Address
    /// A multiple of 4 bytes, at most 40.
    public var options: [UInt8]

    /// The defaults are those of an unfragmented packet; the checksum is as given, not computed.
    public init(
        typeOfService: UInt8 = 0, totalLength: UInt16, identification: UInt16 = 0, flags: UInt8 = 0,
        fragmentOffset: UInt16 = 0, timeToLive: UInt8 = 64, ipProtocol: IPProtocol, checksum: UInt16 = 0,
        source: IPv4Address, destination: IPv4Address, options: [UInt8] = []
    ) {
        precondition(options.count % 4 == 0 && options.count <= 40)
        self.typeOfService = typeOfService
        self.totalLength = totalLength
        self.identification = identification
        self.flags = flags
        self.fragmentOffset = fragmentOffset
        self.timeToLive = timeToLive
        self.ipProtocol = ipProtocol
        self.checksum = checksum
        self.source = source
        self.destination = destination
        self.options = options
    }

    /// Bytes on the wire, with options.
    public var size: Int { Self.fixedSize + options.count }

    /// True unless these bytes are a later fragment, which has no UDP or TCP header.
    public var holdsTransportHeader: Bool { fragmentOffset == 0 }

    /// Reads 20 bytes and the options. The version field is not checked.
    public init(parsing cursor: inout PacketCursor) throws(ShortRead) {
        let start = cursor.offset
        let headerLength = Int(try cursor.uint8() & 0xF) * 4
        guard headerLength >= Self.fixedSize else {
            throw ShortRead(offset: start, needed: Self.fixedSize, available: headerLength)
        }
        typeOfService = try cursor.uint8()
        totalLength = try cursor.uint16()
        identification = try cursor.uint16()
        let fragment = try cursor.uint16()
        flags = UInt8(fragment >> 13)
        fragmentOffset = fragment & 0x1FFF
        timeToLive = try cursor.uint8()
        ipProtocol = IPProtocol(rawValue: try cursor.uint8())
        checksum = try cursor.uint16()
        source = try IPv4Address(parsing: &cursor)
        destination = try IPv4Address(parsing: &cursor)
        options = try cursor.array(headerLength - Self.fixedSize)
    }

    /// Writes the header with its options.
    public func write(into writer: inout PacketWriter) {
        writer.uint8(0x40 | UInt8(size / 4))
        writer.uint8(typeOfService)
        writer.uint16(totalLength)
        writer.uint16(identification)
        writer.uint16(UInt16(flags & 7) << 13 | fragmentOffset & 0x1FFF)
        writer.uint8(timeToLive)
        writer.uint8(ipProtocol.rawValue)
        writer.uint16(checksum)
        source.write(into: &writer)
        destination.write(into: &writer)
        writer.append(options)
    }

    /// The checksum these fields should carry.
    public var rightChecksum: UInt16 {
        var header = self
        header.checksum = 0
        var writer = PacketWriter(reserving: size)
        header.write(into: &writer)
        return InternetChecksum.of(writer.bytes.span)
    }
}
