// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not a pcap or pcapng file that can be read on.
public struct PcapError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Kinds of damage.
    public enum Code: Sendable, Hashable {
        /// The first four bytes are not those of a pcap or pcapng file.
        case notPcap
        /// A major version other than 2, or 1 of a pcapng file.
        case unknownVersion
        /// A packet says it is longer than `PcapFormat.longestPacket`: the file is damaged.
        case packetTooLong
        /// The file ends inside its header or inside a packet.
        case truncated
        /// A block of a pcapng file contradicts itself.
        case damagedBlock
        /// Frames of another kind than Ethernet.
        case linkType
    }

    /// What is wrong with the file.
    public var code: Code
    /// In bytes from the start of the file.
    public var offset: Int
    var detail: String

    /// The file is fine, but its packets are not the Ethernet frames that the caller reads.
    public static func linkType(_ type: UInt32) -> PcapError {
        PcapError(code: .linkType, offset: 20, detail: "its link type is \(type), not 1 (Ethernet)")
    }

    /// The code in words, with the offset.
    public var description: String { "cannot read the pcap file at byte \(offset): \(detail)" }
}
