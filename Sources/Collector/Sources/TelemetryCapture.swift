// SPDX-License-Identifier: Apache-2.0

public import LinuxSystem

/// Frames that arrive on one interface, until the capture is stopped.
///
/// Opened in the network namespace of the calling thread; may then be run on any one thread.
public struct TelemetryCapture: ~Copyable, Sendable {
    private var ring: PacketRing
    private static let ringToken: UInt64 = 1
    private static let stopToken: UInt64 = 2

    /// Captures from now on.
    /// - Throws: `CollectorError` if the interface does not exist or the process may not capture.
    public init(interface: String, options: PacketRingOptions = Self.defaultOptions) throws(CollectorError) {
        do {
            ring = try PacketRing(interface: interface, options: options)
        } catch {
            throw CollectorError(code: .capture, object: interface, cause: error)
        }
    }

    /// Room for 8192 frames: more than a second of a fast client's while the terminal is slow.
    public static var defaultOptions: PacketRingOptions {
        PacketRingOptions(frameCapacity: 2048 - 128, receiveSlots: 8192, transmitSlots: 1)
    }

    /// Delivers frames until `stop` becomes readable; those that have arrived by then are delivered too.
    ///
    /// - Parameters:
    ///   - stop: a descriptor such as that of a `SignalDescriptor` or an `EventDescriptor`. It is not read.
    ///   - tickMilliseconds: the longest time between two calls of `tick` while nothing arrives.
    ///   - frame: bytes, valid only within the call, and what the kernel says of them.
    ///   - tick: called between batches of frames; false ends the run.
    public mutating func run(
        until stop: Int32, tickMilliseconds: Int32 = 100, frame: (Span<UInt8>, ReceivedFrame) -> Void,
        tick: () -> Bool = { true }
    ) throws(CollectorError) {
        do throws(SystemError) {
            var epoll = try Epoll(capacity: 2)
            try epoll.add(ring.number, for: .readable, token: Self.ringToken)
            try epoll.add(stop, for: .readable, token: Self.stopToken)
            var stopped = false
            while !stopped {
                try epoll.wait(milliseconds: tickMilliseconds) { if $0.token == Self.stopToken { stopped = true } }
                drain(frame)
                if !tick() { return }
                try checkInterface()
            }
        } catch {
            throw CollectorError(code: .capture, object: ring.interface, cause: error)
        }
    }

    /// Frames seen and lost since the capture was opened.
    public mutating func statistics() -> PacketRing.Statistics { ring.statistics() }

    /// Reads what is there, but at most one full ring, so that a flood cannot keep `tick` from its turn.
    private mutating func drain(_ frame: (Span<UInt8>, ReceivedFrame) -> Void) {
        var left = Self.defaultOptions.receiveSlots
        while left > 0 {
            let count = ring.receive(limit: min(left, 64), frame)
            if count == 0 { return }
            left -= count
        }
    }

    /// An interface that is down may come up again; one that is gone will not.
    private mutating func checkInterface() throws(SystemError) {
        switch ring.consumeFailure() {
        case nil, .down: return
        case .gone:
            throw SystemError(
                call: "capture", errno: .noDevice, object: ring.interface, detail: "the interface is gone")
        case .other(let errno):
            throw SystemError(call: "capture", errno: errno, object: ring.interface)
        }
    }
}
