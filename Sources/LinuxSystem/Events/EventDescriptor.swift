// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// A wake-up from one thread to another that waits in `Epoll`.
public struct EventDescriptor: ~Copyable, Sendable {
    private let descriptor: Descriptor

    /// For `Epoll.add`.
    public var number: Int32 { descriptor.number }

    /// A descriptor that is not readable yet.
    public init() throws(SystemError) {
        let flags = Int32(EFD_NONBLOCK | EFD_CLOEXEC)
        descriptor = Descriptor(owning: try SystemCall.run("eventfd") { eventfd(0, flags) })
    }

    /// Makes it readable. May be called from any thread.
    public borrowing func signal() {
        var one: UInt64 = 1
        // It fails only when the count is full, and then the waiter is awake already.
        unsafe _ = Glibc.write(descriptor.number, &one, 8)
    }
}
