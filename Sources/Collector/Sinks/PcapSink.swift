// SPDX-License-Identifier: Apache-2.0

public import Journeys
internal import LinuxSystem
internal import Wire

/// Every frame that came in, as a pcap file.
public final class PcapSink: JourneySink {
    private var file: FileWriter
    private var writer = PcapWriter()

    /// Creates the file, or empties it, so that a path that cannot be written fails before anything is captured.
    /// - Throws: `CollectorError` if the file cannot be written.
    public init(path: String) throws(CollectorError) { file = try FileWriter(path) }

    /// Why the file could not be written.
    public var failure: CollectorError? { file.failure }

    /// Adds the frame.
    public func accept(frame bytes: Span<UInt8>, _ info: FrameInfo) {
        let realtime = info.time &- DomainClock.nanoseconds(ofRealtime: 0)
        writer.add(bytes, time: realtime, originalLength: info.originalLength)
        file.append(writer.drain())
    }

    /// Ignores the journey: its frame is in the file.
    public func accept(_ journey: Journey) {}

    /// Writes the frames so far to the file.
    public func flush(_ view: JourneyView) {
        // A file without packets has its header too.
        file.append(writer.drain())
        file.flush()
    }

    /// Completes the file.
    public func finish(_ summary: Summary) {
        file.append(writer.drain())
        file.flush()
    }
}
