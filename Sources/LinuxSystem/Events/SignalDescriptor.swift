// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// A signal of POSIX by number.
public struct Signal: RawRepresentable, Hashable, Sendable {
    public let rawValue: Int32
    public init(rawValue: Int32) { self.rawValue = rawValue }

    public static let hangUp = Signal(rawValue: SIGHUP)
    public static let interrupt = Signal(rawValue: SIGINT)
    public static let kill = Signal(rawValue: SIGKILL)
    public static let terminate = Signal(rawValue: SIGTERM)
    public static let user1 = Signal(rawValue: SIGUSR1)
    public static let user2 = Signal(rawValue: SIGUSR2)
    public static let child = Signal(rawValue: SIGCHLD)
    public static let brokenPipe = Signal(rawValue: SIGPIPE)
}

/// Signals as something to read, instead of handlers that may do almost nothing.
///
/// They are blocked in the thread that makes this and in the threads it starts later, so make it in `main` first:
/// a thread that does not block them would be ended by them. Children start with none blocked.
public struct SignalDescriptor: ~Copyable, Sendable {
    private let descriptor: Descriptor

    /// For `Epoll.add`.
    public var number: Int32 { descriptor.number }

    public init(_ signals: Set<Signal>) throws(SystemError) {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for signal in signals { unsafe sigaddset(&set, signal.rawValue) }
        let failure = unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        guard failure == 0 else { throw SystemError(call: "pthread_sigmask", errno: Errno(rawValue: failure)) }
        let flags = Int32(SFD_NONBLOCK | SFD_CLOEXEC)
        let number = try SystemCall.run("signalfd") { unsafe signalfd(-1, &set, flags) }
        descriptor = Descriptor(owning: number)
    }

    /// The next signal that has come, nil if none has.
    public borrowing func next() throws(SystemError) -> Signal? {
        let number = descriptor.number
        var info = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        let length = try SystemCall.runUnlessBlocking("read of signalfd") { unsafe Glibc.read(number, &info, size) }
        return length == size ? Signal(rawValue: Int32(truncatingIfNeeded: info.ssi_signo)) : nil
    }
}
