// SPDX-License-Identifier: Apache-2.0

internal import LinuxSystem
public import Wire

/// Reads the packets of a pcap file, a piece at a time.
public enum PcapFile {
    private static let pieceSize = 1 << 18

    /// Calls `body` with every packet of the file, in the file's order.
    ///
    /// Of a file that ends inside a packet, because its writer was killed, the complete packets are delivered before the
    /// error.
    public static func read(_ path: String, _ body: (PcapPacket) -> Void) throws(CollectorError) {
        do {
            let file = try Descriptor.open(path, for: .reading)
            var reader = PcapReader()
            while let piece = try file.read(upTo: pieceSize), !piece.isEmpty {
                reader.feed(piece)
                while let packet = try reader.next() {
                    if let type = reader.format?.linkType, type != PcapFormat.ethernet {
                        throw PcapError.linkType(type)
                    }
                    body(packet)
                }
            }
            try reader.finish()
        } catch {
            throw CollectorError(code: .pcapFile, object: path, cause: error)
        }
    }
}
