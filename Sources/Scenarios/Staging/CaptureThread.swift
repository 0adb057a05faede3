// SPDX-License-Identifier: Apache-2.0

internal import Collector
internal import LinuxSystem
internal import Synchronization

/// The collector's capture, on a thread of its own until it is ended.
final class CaptureThread: Sendable {
    /// How long the last copies may take from the sink to the collector, in milliseconds.
    private static let grace: Int32 = 300

    private let stop: EventDescriptor
    private let thread: BackgroundThread<UInt64>

    /// Opens the capture before it returns, so that no frame from then on is missed.
    /// - Parameter pipeline: receives the frames, on the capture's thread.
    init(on interface: String, in namespace: NetworkNamespace, feeding pipeline: SharedPipeline) throws {
        let stop = try EventDescriptor()
        let number = stop.number
        let capture = Mutex<TelemetryCapture?>(try namespace.perform { try TelemetryCapture(interface: interface) })
        let source = CaptureHandover(capture)
        thread = try BackgroundThread {
            guard var capture = source.remove() else { return 0 }
            var input = pipeline
            try capture.run(into: &input, until: number)
            return capture.lostFrames()
        }
        self.stop = stop
    }

    /// Captures what is still on its way, then ends.
    /// - Returns: frames for which the kernel had no room.
    func end() throws -> UInt64 {
        var epoll = try Epoll()
        try epoll.wait(milliseconds: Self.grace) { _ in }
        stop.signal()
        return try thread.join()
    }
}

/// Hands the capture, which has one owner, over to the thread that runs it.
private final class CaptureHandover: Sendable {
    private let capture: Mutex<TelemetryCapture?>

    init(_ capture: consuming Mutex<TelemetryCapture?>) { self.capture = capture }

    func remove() -> TelemetryCapture? { capture.withLock { $0.take() } }
}
