// SPDX-License-Identifier: Apache-2.0

/// The contents of the 24-byte header of a classic pcap file.
///
/// `magic:32 major:16 minor:16 reserved:32 reserved:32 snapshotLength:32 linkType:32`, in the byte order of the
/// machine that wrote it, which the magic number reveals; then, for each packet, `seconds:32 fraction:32
/// capturedLength:32 originalLength:32` and the captured bytes.
public struct PcapFormat: Sendable, Hashable {
    /// Unit of the fractions of a second in timestamps.
    public enum Resolution: Sendable, Hashable, CaseIterable { case microseconds, nanoseconds }
    /// Byte order of the numbers in the file, which is that of the machine that wrote it.
    public enum ByteOrder: Sendable, Hashable, CaseIterable { case bigEndian, littleEndian }

    /// Bytes of the file header.
    public static let headerSize = 24
    /// Bytes of the header before each packet.
    public static let packetHeaderSize = 16
    /// The link type of Ethernet frames.
    public static let ethernet: UInt32 = 1
    /// Longer packets are taken for damage, not allocated: 256 KiB is also what tcpdump calls unlimited.
    public static let longestPacket: UInt32 = 262_144

    /// Unit of the timestamps' fractions.
    public var resolution: Resolution
    /// Byte order of the file's numbers.
    public var byteOrder: ByteOrder
    /// Bytes of a packet that are stored at most.
    public var snapshotLength: UInt32
    /// Kind of the frames: 1 is Ethernet.
    public var linkType: UInt32

    /// The default is what this project writes: nanoseconds, little-endian, Ethernet frames of any length.
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
    /// The stored bytes, from the Ethernet header on.
    public var bytes: [UInt8]
    /// The packet's length on the wire, at least `bytes.count`.
    public var originalLength: Int

    /// - Parameter originalLength: nil if all bytes are stored.
    public init(time: UInt64, bytes: [UInt8], originalLength: Int? = nil) {
        self.time = time
        self.bytes = bytes
        self.originalLength = originalLength ?? bytes.count
    }
}
