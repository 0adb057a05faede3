// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// A timer that becomes readable when it expires, on CLOCK_MONOTONIC.
public struct TimerDescriptor: ~Copyable, Sendable {
    private let descriptor: Descriptor

    /// For `Epoll.add`.
    public var number: Int32 { descriptor.number }

    /// A timer that is not armed.
    public init() throws(SystemError) {
        let flags = Int32(TFD_NONBLOCK | TFD_CLOEXEC)
        descriptor = Descriptor(owning: try SystemCall.run("timerfd_create") { timerfd_create(CLOCK_MONOTONIC, flags) })
    }

    /// Expires once at `deadline`, in nanoseconds of `DomainClock.monotonicNanoseconds()`; at once if that is past.
    public borrowing func arm(atMonotonic deadline: UInt64) throws(SystemError) {
        // A deadline of 0 would disarm.
        try set(first: max(deadline, 1), period: 0, absolute: true)
    }

    /// Expires every `nanoseconds`, the first time that long from now.
    public borrowing func arm(every nanoseconds: UInt64) throws(SystemError) {
        try set(first: max(nanoseconds, 1), period: max(nanoseconds, 1), absolute: false)
    }

    /// How often it has expired since last asked; 0 if it has not.
    @discardableResult
    public borrowing func readExpirations() throws(SystemError) -> UInt64 {
        try descriptor.readCount("read of timerfd")
    }

    private borrowing func set(first: UInt64, period: UInt64, absolute: Bool) throws(SystemError) {
        let timer = descriptor.number
        let flags = absolute ? Int32(TFD_TIMER_ABSTIME) : 0
        var times = itimerspec(it_interval: timespec(nanoseconds: period), it_value: timespec(nanoseconds: first))
        try SystemCall.run("timerfd_settime") { unsafe timerfd_settime(timer, flags, &times, nil) }
    }
}

extension timespec {
    init(nanoseconds: UInt64) {
        self.init(tv_sec: Int(clamping: nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    }
}

extension Descriptor {
    /// The 64-bit count that timerfd and eventfd hand out; 0 if there is nothing to count.
    borrowing func readCount(_ call: String) throws(SystemError) -> UInt64 {
        let number = number
        var count: UInt64 = 0
        let length = try SystemCall.runUnlessBlocking(call) { unsafe Glibc.read(number, &count, 8) }
        return length == 8 ? count : 0
    }
}
