// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import Synchronization

/// A program started by us, not ended by dropping this value: call `end`, or let it run on.
public final class ChildProcess: Sendable {
    /// The process number.
    public let id: Int32
    /// What ran: the arguments' first.
    public let program: String
    private let handle: Descriptor
    private let status: Mutex<ProcessOutcome?>

    private init(id: Int32, program: String, handle: consuming Descriptor) {
        self.id = id
        self.program = program
        self.handle = handle
        status = Mutex(nil)
    }

    /// Starts a program. Fails if it cannot be executed, not only if it cannot be forked.
    public static func spawn(_ request: SpawnRequest) throws(SystemError) -> ChildProcess {
        guard let program = request.arguments.first, !program.isEmpty else {
            throw SystemError(call: "spawn", errno: .invalidArgument, detail: "no program is named")
        }
        let id = try request.start(program)
        // Our own child, not yet waited for: the number is still its own.
        let handle = try SystemCall.run("pidfd_open", on: program) { p4ni_pidfd_open(id) }
        return ChildProcess(id: id, program: program, handle: Descriptor(owning: handle))
    }

    /// For a file that says which process it was; nil once it has been waited for.
    public var identity: ProcessIdentity? { ProcessIdentity(running: id) }

    /// For `Epoll.add`: readable when the program has ended.
    public var number: Int32 { handle.number }

    /// Waits for its end up to `milliseconds` (nil: for ever, 0: only looks); nil if it still runs.
    @discardableResult
    public func wait(milliseconds: Int32? = nil) throws(SystemError) -> ProcessOutcome? {
        if let known = status.withLock({ $0 }) { return known }
        guard try handle.waitUntilReadable(milliseconds: milliseconds ?? -1) else { return nil }
        let id = id
        let ended: ProcessOutcome? = status.withLock { status in
            if let known = status { return known }
            var raw: Int32 = 0
            guard unsafe waitpid(id, &raw, 0) == id else { return nil }
            status = ProcessOutcome(waitStatus: raw)
            return status
        }
        guard let ended else { throw SystemError(call: "waitpid", errno: .noProcess, object: program) }
        return ended
    }

    /// Signals the program; with `toGroup`, also what it started in its process group. Nothing happens once it has
    /// been waited for.
    public func send(_ signal: Signal, toGroup: Bool = false) {
        let id = id
        status.withLock { status in
            guard status == nil else { return }
            _ = kill(toGroup ? -id : id, signal.rawValue)
        }
    }

    /// Asks it and its group to end by SIGTERM and, if it has not within `milliseconds`, ends them by SIGKILL.
    @discardableResult
    public func end(within milliseconds: Int32 = 2000) throws(SystemError) -> ProcessOutcome? {
        send(.terminate, toGroup: true)
        if let status = try wait(milliseconds: milliseconds) { return status }
        send(.kill, toGroup: true)
        return try wait()
    }
}

/// How a program ended.
public enum ProcessOutcome: Equatable, Sendable {
    /// It ended by itself, with this code.
    case exited(Int32)
    /// This signal ended it.
    case signaled(Signal)

    init(waitStatus: Int32) {
        let signal = waitStatus & 0x7f
        self = signal == 0 ? .exited(waitStatus >> 8 & 0xff) : .signaled(Signal(rawValue: signal))
    }

    /// Whether the process ended with code 0.
    public var isSuccess: Bool { self == .exited(0) }

    /// As a shell's `$?`: 128 and the signal for a program that one ended.
    public var code: Int32 {
        switch self {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal.rawValue
        }
    }
}

extension ProcessOutcome: CustomStringConvertible {
    /// `exit code 1`, or the signal that ended it.
    public var description: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .signaled(let signal): "signal \(signal.rawValue)"
        }
    }
}
