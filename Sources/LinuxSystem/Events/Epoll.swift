// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// One wait for many descriptors.
@safe
public struct Epoll: ~Copyable, @unchecked Sendable {
    /// The conditions that a descriptor is waited for and reported with. `error` and `hangUp` are always reported.
    public struct Interest: OptionSet, Sendable {
        /// EPOLL bits.
        public let rawValue: UInt32
        /// EPOLL bits.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// Something can be read, or a connection waits to be accepted.
        public static let readable = Interest(rawValue: EPOLLIN.rawValue)
        /// Something can be written, or connecting has ended.
        public static let writable = Interest(rawValue: EPOLLOUT.rawValue)
        /// The descriptor has failed.
        public static let error = Interest(rawValue: EPOLLERR.rawValue)
        /// Not again what was reported and is still there.
        public static let edgeTriggered = Interest(rawValue: EPOLLET.rawValue)
        /// The other side has closed.
        public static let hangUp = Interest(rawValue: EPOLLHUP.rawValue)
    }

    /// A descriptor that is ready.
    public struct Event: Sendable {
        /// The value given when the descriptor was added.
        public let token: UInt64
        /// What it is ready for.
        public let ready: Interest
    }

    private let descriptor: Descriptor
    /// Reused by every wait, so that waiting allocates nothing.
    private let ready: UnsafeMutableBufferPointer<epoll_event>

    /// - Parameter capacity: events that one wait reports at most.
    public init(capacity: Int = 64) throws(SystemError) {
        descriptor = Descriptor(owning: try SystemCall.run("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) })
        unsafe ready = .allocate(capacity: capacity)
        unsafe ready.initialize(repeating: epoll_event())
    }

    deinit {
        unsafe ready.deallocate()
    }

    /// Waits for `interest` of a descriptor, which is reported as `token`.
    public borrowing func add(_ fd: Int32, for interest: Interest, token: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_ADD, of: fd, for: interest, token: token)
    }

    /// Replaces interest and token of a descriptor that was added.
    public borrowing func change(_ fd: Int32, to interest: Interest, token: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_MOD, of: fd, for: interest, token: token)
    }

    /// No longer waits for a descriptor that was added.
    public borrowing func remove(_ fd: Int32) throws(SystemError) {
        try control(EPOLL_CTL_DEL, of: fd, for: [], token: 0)
    }

    /// Waits up to `milliseconds` (nil: for ever, 0: not at all) and hands each ready descriptor to `body`.
    /// - Returns: how many were ready. A signal ends the wait with 0, so that its handler's effect is seen.
    @discardableResult
    public mutating func wait(milliseconds: Int32?, _ body: (Event) -> Void) throws(SystemError) -> Int {
        let count = unsafe epoll_wait(descriptor.number, ready.baseAddress, Int32(ready.count), milliseconds ?? -1)
        guard count >= 0 else {
            let errno = Errno.current
            if errno == .interrupted { return 0 }
            throw SystemError(call: "epoll_wait", errno: errno)
        }
        for index in 0..<Int(count) {
            let event = unsafe ready[index]
            body(unsafe Event(token: event.data.u64, ready: Interest(rawValue: event.events)))
        }
        return Int(count)
    }

    private borrowing func control(_ operation: Int32, of fd: Int32, for interest: Interest, token: UInt64)
        throws(SystemError)
    {
        let epoll = descriptor.number
        var event = unsafe epoll_event(events: interest.rawValue, data: epoll_data_t(u64: token))
        try SystemCall.run("epoll_ctl", on: "descriptor \(fd)") { unsafe epoll_ctl(epoll, operation, fd, &event) }
    }
}

/// Looks at descriptors without waiting or taking anything from them.
public enum Readiness {
    /// Whether there is something to read: for a `SignalDescriptor`, that a signal has come.
    public static func isReadable(_ descriptor: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&entry, 1, 0) == 1
    }
}
