// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not a classic pcap file that can be read on.
public struct PcapError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: Sendable, Hashable {
        /// The first four bytes are none of the four magic numbers.
        case notPcap
        /// A major version other than 2.
        case unknownVersion
        /// A packet says it is longer than `PcapFormat.longestPacket`: the file is damaged.
        case packetTooLong
        /// The file ends inside its header or inside a packet.
        case truncated
    }

    public var code: Code
    /// In bytes from the start of the file.
    public var offset: Int
    var detail: String

    public var description: String { "cannot read the pcap file at byte \(offset): \(detail)" }
}
