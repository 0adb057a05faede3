// SPDX-License-Identifier: Apache-2.0

public import LinuxSystem

/// Sends frames at a given rate, or as fast as they go.
///
/// Frames are due by the clock: all that are due are sent at once, in batches, so that a late wake-up does not lower
/// the rate. A sender that paces frames by itself gets half a second of them at once.
public struct Blast: ~Copyable {
    /// What was sent until now.
    public struct Report: Sendable, Hashable {
        /// Frames handed to the interface.
        public internal(set) var sent: UInt64 = 0
        /// Frames that the kernel refused.
        public internal(set) var refused: UInt64 = 0
        /// Seconds since the start.
        public internal(set) var seconds = 0.0

        /// Frames per second.
        public var rate: Double { seconds > 0 ? Double(sent) / seconds : 0 }
    }

    private let sender: any FrameSender
    private let timer: TimerDescriptor
    private var epoll: Epoll
    /// Frames per second; nil: as fast as they go.
    public var rate: Double?
    /// Frames in all; nil: until stopped.
    public var count: UInt64?
    /// Seconds; nil: until stopped.
    public var duration: Double?

    /// Nanoseconds of frames that a sender with a pace of its own is given at once.
    private static let ahead: UInt64 = 500_000_000
    private static let progressInterval: UInt64 = 200_000_000

    /// Sends what `sender` sends, without a limit until one is set.
    public init(_ sender: any FrameSender) throws(SystemError) {
        self.sender = sender
        let timer = try TimerDescriptor()
        let epoll = try Epoll()
        try epoll.add(timer.number, for: .readable, token: 0)
        self.timer = timer
        self.epoll = epoll
    }

    /// - Parameter stop: a descriptor that becomes readable when no more is to be sent.
    public mutating func run(stop: Int32? = nil, onProgress: (Report) -> Void = { _ in }) throws -> Report {
        if let stop { try epoll.add(stop, for: .readable, token: 1) }
        let start = DomainClock.monotonicNanoseconds()
        let end = duration.map { start + UInt64($0 * 1e9) } ?? .max
        var given: UInt64 = 0
        var nextProgress = start + Self.progressInterval
        while given < count ?? .max {
            let now = DomainClock.monotonicNanoseconds()
            guard now < end, !isStopped(stop) else { break }
            if now >= nextProgress {
                onProgress(report(since: start))
                nextProgress = now + Self.progressInterval
            }
            let due = min(self.due(at: now, start, end), count ?? .max)
            guard due > given else {
                try wait(until: min(time(of: given, start), end))
                continue
            }
            let batch = Int(min(due - given, UInt64(sender.batch)))
            try sender.send(batch)
            given += UInt64(batch)
        }
        if let stop { try epoll.remove(stop) }
        return report(since: start)
    }

    /// Frames that the sender is to have been given by `now`.
    private func due(at now: UInt64, _ start: UInt64, _ end: UInt64) -> UInt64 {
        guard let rate else { return .max }
        let ahead = sender.pace == nil ? 0 : min(Self.ahead, end - now)
        return UInt64(Double(now - start + ahead) * rate / 1e9) + 1
    }

    private func time(of frame: UInt64, _ start: UInt64) -> UInt64 {
        start + UInt64((Double(frame) * 1e9 / (rate ?? 1e9)).rounded(.up))
    }

    private mutating func wait(until time: UInt64) throws(SystemError) {
        try timer.arm(atMonotonic: time)
        try epoll.wait(milliseconds: nil) { _ in }
    }

    private func isStopped(_ stop: Int32?) -> Bool { stop.map(Readiness.isReadable) ?? false }

    private func report(since start: UInt64) -> Report {
        Report(
            sent: sender.sent, refused: sender.refused,
            seconds: Double(DomainClock.monotonicNanoseconds() - start) / 1e9)
    }
}
