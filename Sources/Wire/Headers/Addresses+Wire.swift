// SPDX-License-Identifier: Apache-2.0

public import Addresses

extension IPv4Address {
    /// Reads 4 bytes.
    public init(parsing cursor: inout PacketCursor) throws(ShortRead) {
        self.init(rawValue: try cursor.uint32())
    }

    /// Writes 4 bytes.
    public func write(into writer: inout PacketWriter) { writer.uint32(rawValue) }
}

extension IPv6Address {
    /// Reads 16 bytes.
    public init(parsing cursor: inout PacketCursor) throws(ShortRead) {
        self.init(rawValue: try cursor.uint128())
    }

    /// Writes 16 bytes.
    public func write(into writer: inout PacketWriter) { writer.uint128(rawValue) }
}

extension MACAddress {
    /// Reads 6 bytes.
    public init(parsing cursor: inout PacketCursor) throws(ShortRead) {
        self.init(rawValue: try cursor.uint48())
    }

    /// Writes 6 bytes.
    public func write(into writer: inout PacketWriter) { writer.uint48(rawValue) }
}
