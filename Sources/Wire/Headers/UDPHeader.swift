// SPDX-License-Identifier: Apache-2.0

public import Addresses

/// The 8 bytes of UDP.
public struct UDPHeader: Sendable, Hashable {
    /// Bytes on the wire.
    public static let size = 8

    /// The sender's port.
    public var sourcePort: Port
    /// The receiver's port.
    public var destinationPort: Port
    /// Header and payload as sent.
    public var length: UInt16
    /// 0: none was computed (allowed over IPv4 only).
    public var checksum: UInt16

    /// - Parameters:
    ///   - length: bytes of header and payload.
    ///   - checksum: 0: not computed.
    public init(sourcePort: Port, destinationPort: Port, length: UInt16, checksum: UInt16 = 0) {
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.length = length
        self.checksum = checksum
    }

    /// Reads 8 bytes.
    public init(parsing cursor: inout PacketCursor) throws(ShortRead) {
        sourcePort = Port(rawValue: try cursor.uint16())
        destinationPort = Port(rawValue: try cursor.uint16())
        length = try cursor.uint16()
        checksum = try cursor.uint16()
    }

    /// Writes 8 bytes.
    public func write(into writer: inout PacketWriter) {
        writer.uint16(sourcePort.rawValue)
        writer.uint16(destinationPort.rawValue)
        writer.uint16(length)
        writer.uint16(checksum)
    }
}
