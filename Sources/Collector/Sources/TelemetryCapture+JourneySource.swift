// SPDX-License-Identifier: Apache-2.0

internal import LinuxSystem

extension TelemetryCapture: JourneySource {
    /// Feeds the frames that arrive at the interface.
    /// - Throws: `CollectorError` if the interface is gone or cannot be read.
    public mutating func run(into input: inout some JourneyInput & ~Copyable, until stop: Int32) throws {
        try run(until: stop) { bytes, info in
            input.ingest(bytes, FrameInfo(time: info.timestamp, originalLength: info.originalLength))
        } tick: {
            input.tick()
            return true
        }
    }

    /// Frames for which the kernel had no room.
    public mutating func lostFrames() -> UInt64 { statistics().receiveDrops }
}
