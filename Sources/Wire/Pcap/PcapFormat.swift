// SPDX-License-Identifier: Apache-2.0

/// What the 24-byte header of a classic pcap file says.
///
/// `magic:32 major:16 minor:16 reserved:32 reserved:32 snapshotLength:32 linkType:32`, in the byte order of the
/// machine that wrote it, which the magic number reveals; then, for each packet, `seconds:32 fraction:32
/// capturedLength:32 originalLength:32` and the captured bytes.
public struct PcapFormat: Sendable, Hashable {
    public enum Resolution: Sendable, Hashable, CaseIterable { case microseconds, nanoseconds }
    public enum ByteOrder: Sendable, Hashable, CaseIterable { case bigEndian, littleEndian }

    public static let headerSize = 24
    public static let packetHeaderSize = 16
    /// The link type of Ethernet frames.
    public static let ethernet: UInt32 = 1
    /// Longer packets are taken for damage, not allocated: 256 KiB is also what tcpdump calls unlimited.
    public static let longestPacket: UInt32 = 262_144

    public var resolution: Resolution
    public var byteOrder: ByteOrder
    public var snapshotLength: UInt32
    public var linkType: UInt32

    public init(
        resolution: Resolution = .nanoseconds, byteOrder: ByteOrder = .littleEndian,
        snapshotLength: UInt32 = Self.longestPacket, linkType: UInt32 = Self.ethernet
    ) {
        self.resolution = resolution
        self.byteOrder = byteOrder
        self.snapshotLength = snapshotLength
        self.linkType = linkType
    }

    var magic: UInt32 { resolution == .microseconds ? 0xA1B2_C3D4 : 0xA1B2_3C4D }
    var nanosecondsPerFraction: UInt64 { resolution == .microseconds ? 1000 : 1 }
}

/// One captured packet.
public struct PcapPacket: Sendable, Hashable {
    /// Nanoseconds since 1970.
    public var time: UInt64
    public var bytes: [UInt8]
    /// The packet's length on the wire, at least `bytes.count`.
    public var originalLength: Int

    public init(time: UInt64, bytes: [UInt8], originalLength: Int? = nil) {
        self.time = time
        self.bytes = bytes
        self.originalLength = originalLength ?? bytes.count
    }
}
