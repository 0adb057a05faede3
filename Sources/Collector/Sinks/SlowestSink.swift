// SPDX-License-Identifier: Apache-2.0

public import Journeys

/// Passes on the slowest journeys of each second, slowest first; of a file, which is read at once, the slowest of all.
public final class SlowestSink: JourneySink {
    private let count: Int
    private let inner: any JourneySink
    /// Slowest first, at most `count`.
    private var slowest: [Journey] = []

    /// A sink in front of `inner`.
    /// - Parameter count: journeys per second, at least 1.
    public init(_ count: Int, _ inner: any JourneySink) {
        self.count = max(count, 1)
        self.inner = inner
    }

    /// The inner sink's failure.
    public var failure: CollectorError? { inner.failure }

    /// Passes the frame on.
    public func accept(frame bytes: Span<UInt8>, _ info: FrameInfo) { inner.accept(frame: bytes, info) }

    /// Keeps the journey if it is among the slowest of this second.
    public func accept(_ journey: Journey) {
        let duration = journey.duration
        guard slowest.count < count || slowest.last.map({ $0.duration < duration }) == true else { return }
        let place = slowest.firstIndex { $0.duration < duration } ?? slowest.count
        slowest.insert(journey, at: place)
        if slowest.count > count { slowest.removeLast() }
    }

    /// Passes on the slowest of the second that ends.
    public func flush(_ view: JourneyView) {
        passOn()
        inner.flush(view)
    }

    /// Passes on the slowest of the last second, and the summary.
    public func finish(_ summary: Summary) {
        passOn()
        inner.finish(summary)
    }

    private func passOn() {
        for journey in slowest { inner.accept(journey) }
        slowest.removeAll(keepingCapacity: true)
    }
}
