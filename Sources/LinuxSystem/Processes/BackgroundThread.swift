// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import Synchronization

/// A thread that runs beside the caller's, in a network namespace of its own choice.
///
/// For work that waits in system calls for as long as it lives, which would hold up a thread of a shared pool.
public final class BackgroundThread<Value: Sendable>: Sendable {
    private let outcome: Outcome
    private let thread: Mutex<pthread_t?>

    /// Starts at once. What `body` opens belongs to `namespace` (nil: the caller's).
    /// `join` throws what `body` throws, and the error of a namespace that does not exist.
    public init(
        in namespace: NetworkNamespace? = nil, _ body: @escaping @Sendable () throws -> Value
    ) throws(SystemError) {
        let outcome = Outcome()
        let start = ThreadStart {
            let result = Result { try Self.run(body, in: namespace) }
            outcome.value.withLock { $0 = result }
        }
        var handle = pthread_t()
        let argument = unsafe Unmanaged.passRetained(start).toOpaque()
        let failure = unsafe pthread_create(&handle, nil, { unsafe ThreadStart.enter($0) }, argument)
        guard failure == 0 else {
            unsafe Unmanaged<ThreadStart>.fromOpaque(argument).release()
            throw SystemError(call: "pthread_create", errno: Errno(rawValue: failure))
        }
        self.outcome = outcome
        thread = Mutex(handle)
    }

    /// Waits for its end and hands over what `body` returned or threw. Once only.
    public func join() throws -> Value {
        guard let handle = thread.withLock({ $0.take() }) else { preconditionFailure("joined twice") }
        pthread_join(handle, nil)
        guard let outcome = outcome.value.withLock({ $0 }) else {
            preconditionFailure("the thread ended without an outcome")
        }
        return try outcome.get()
    }

    /// Shared with the thread, which may outlive a handle that nobody joins.
    private final class Outcome: Sendable {
        let value = Mutex<Result<Value, any Error>?>(nil)
    }

    private static func run(_ body: () throws -> Value, in namespace: NetworkNamespace?) throws -> Value {
        if let namespace {
            let target = try namespace.open()
            try SystemCall.run("setns", on: namespace.name) { p4ni_enter_network_namespace(target.number) }
        }
        return try body()
    }

    deinit {
        // Nobody joins it any more: its resources go with it.
        if let handle = thread.withLock({ $0.take() }) { pthread_detach(handle) }
    }
}

/// What the thread's C entry point is given.
private final class ThreadStart: Sendable {
    private let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    static func enter(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        if let argument = unsafe argument {
            unsafe Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue().body()
        }
        return nil
    }
}
