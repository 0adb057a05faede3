// SPDX-License-Identifier: Apache-2.0

internal import Collector
internal import LinuxSystem
internal import Synchronization

/// The collector's capture, running beside the client until it is ended.
final class CaptureThread: Sendable {
    /// How long the last copies may take from the sink to the collector, in milliseconds.
    private static let grace: Int32 = 300

    private let stop: EventDescriptor
    private let thread: BackgroundThread<UInt64>

    /// Opens the capture before it returns, so that no frame from then on is missed.
    /// - Parameter take: gets each frame and when it came, on the capture's thread.
    init(
        on interface: String, in namespace: NetworkNamespace,
        take: @escaping @Sendable (Span<UInt8>, UInt64) -> Void
    ) throws {
        let stop = try EventDescriptor()
        let number = stop.number
        let capture = Mutex<TelemetryCapture?>(try namespace.perform { try TelemetryCapture(interface: interface) })
        let source = CaptureSource(capture)
        thread = try BackgroundThread {
            guard var capture = source.take() else { return 0 }
            try capture.run(until: number) { bytes, info in take(bytes, info.timestamp) }
            return capture.statistics().receiveDrops
        }
        self.stop = stop
    }

    /// Takes what is still on its way, then ends.
    /// - Returns: frames that the kernel had no room for.
    func end() throws -> UInt64 {
        var epoll = try Epoll()
        try epoll.wait(milliseconds: Self.grace) { _ in }
        stop.signal()
        return try thread.join()
    }
}

/// Hands the capture, which has one owner, over to the thread that runs it.
private final class CaptureSource: Sendable {
    private let capture: Mutex<TelemetryCapture?>

    init(_ capture: consuming Mutex<TelemetryCapture?>) { self.capture = capture }

    func take() -> TelemetryCapture? { capture.withLock { $0.take() } }
}
