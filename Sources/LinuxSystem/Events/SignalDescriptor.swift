// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// A signal of POSIX by number.
public struct Signal: RawRepresentable, Hashable, Sendable {
    /// The number that `kill -l` lists.
    public let rawValue: Int32
    /// The signal of this number.
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// SIGHUP
    public static let hangUp = Signal(rawValue: SIGHUP)
    /// SIGINT, as Ctrl-C sends it.
    public static let interrupt = Signal(rawValue: SIGINT)
    /// SIGQUIT
    public static let quit = Signal(rawValue: SIGQUIT)
    /// SIGKILL, which cannot be blocked.
    public static let kill = Signal(rawValue: SIGKILL)
    /// SIGTERM
    public static let terminate = Signal(rawValue: SIGTERM)
    /// SIGUSR1
    public static let user1 = Signal(rawValue: SIGUSR1)
    /// SIGUSR2
    public static let user2 = Signal(rawValue: SIGUSR2)
    /// SIGCHLD
    public static let child = Signal(rawValue: SIGCHLD)
    /// SIGPIPE
    public static let brokenPipe = Signal(rawValue: SIGPIPE)
}

extension Signal {
    /// Ignores signals in this process while `body` runs, for example while a child at the terminal gets them too.
    public static func ignoring<Result>(_ signals: [Signal], _ body: () throws -> Result) rethrows -> Result {
        let before = signals.map { (number: $0.rawValue, handler: signal($0.rawValue, SIG_IGN)) }
        defer { for (number, handler) in before { _ = signal(number, handler) } }
        return try body()
    }
}

/// Signals as something to read, instead of handlers that may do almost nothing.
///
/// They are blocked in the thread that makes this and in the threads it starts later, so make it in `main` first:
/// a thread that does not block them would be ended by them. Children start with none blocked.
public struct SignalDescriptor: ~Copyable, Sendable {
    private let descriptor: Descriptor

    /// For `Epoll.add`.
    public var number: Int32 { descriptor.number }

    /// Blocks these signals in the calling thread.
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
