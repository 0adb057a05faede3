// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// One wait for many descriptors.
@safe
public struct Epoll: ~Copyable, @unchecked Sendable {
    /// What a descriptor is waited for or reported for. `error` and `hangUp` are always reported.
    public struct Interest: OptionSet, Sendable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        public static let readable = Interest(rawValue: EPOLLIN.rawValue)
        public static let writable = Interest(rawValue: EPOLLOUT.rawValue)
        public static let error = Interest(rawValue: EPOLLERR.rawValue)
        /// Not again what was reported and is still there.
        public static let onlyWhatIsNew = Interest(rawValue: EPOLLET.rawValue)
        public static let hangUp = Interest(rawValue: EPOLLHUP.rawValue)
    }

    public struct Event: Sendable {
        /// The value given when the descriptor was added.
        public let token: UInt64
        public let ready: Interest
    }

    private let descriptor: Descriptor
    /// Reused by every wait, so that waiting allocates nothing.
    private let ready: UnsafeMutableBufferPointer<epoll_event>

    public init(capacity: Int = 64) throws(SystemError) {
        descriptor = Descriptor(owning: try SystemCall.run("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) })
        unsafe ready = .allocate(capacity: capacity)
        unsafe ready.initialize(repeating: epoll_event())
    }

    deinit {
        unsafe ready.deallocate()
    }

    public borrowing func add(_ fd: Int32, for interest: Interest, token: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_ADD, fd, interest, token)
    }

    public borrowing func change(_ fd: Int32, to interest: Interest, token: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_MOD, fd, interest, token)
    }

    public borrowing func remove(_ fd: Int32) throws(SystemError) {
        try control(EPOLL_CTL_DEL, fd, [], 0)
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

    private borrowing func control(_ operation: Int32, _ fd: Int32, _ interest: Interest, _ token: UInt64)
        throws(SystemError)
    {
        let epoll = descriptor.number
        var event = unsafe epoll_event(events: interest.rawValue, data: epoll_data_t(u64: token))
        try SystemCall.run("epoll_ctl", on: "descriptor \(fd)") { unsafe epoll_ctl(epoll, operation, fd, &event) }
    }
}
