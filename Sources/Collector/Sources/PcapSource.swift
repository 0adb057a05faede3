// SPDX-License-Identifier: Apache-2.0

internal import LinuxSystem
internal import Wire

/// The frames of a pcap file, in the file's order.
public struct PcapSource: JourneySource {
    private let path: String

    /// The file is opened when the source runs.
    public init(path: String) { self.path = path }

    /// Feeds the file's frames; `stop` is not regarded, because the file ends by itself.
    /// - Throws: `CollectorError` if the file cannot be read, or not to its end; what precedes the damage is delivered.
    public mutating func run(into input: inout some JourneyInput & ~Copyable, until stop: Int32) throws {
        try PcapFile.read(path) { packet in
            let time = DomainClock.nanoseconds(ofRealtime: packet.time)
            input.ingest(packet.bytes.span, FrameInfo(time: time, originalLength: packet.originalLength))
        }
    }
}
