// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A thread for one piece of work that must not be done on the caller's, e.g. because it changes the thread.
enum OwnThread {
    /// Runs `body` on a new thread while the caller waits; its result or error is the caller's.
    static func run<Value: ~Copyable, Failure: Error>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
        // The thread is joined before this returns, so the closure never lives longer than it may, and the two
        // threads never use it at once.
        let work = Work<Value, Failure>()
        withoutActuallyEscaping(body) { body in
            work.body = body
            start(work)
            work.body = nil
        }
        switch work.outcomeOfWork() {
        case .success(let value): return value
        case .failure(let error): throw error
        }
    }

    private static func start(_ work: AnyWork) {
        var thread = pthread_t()
        let argument = unsafe Unmanaged.passUnretained(work).toOpaque()
        let failure = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<AnyWork>.fromOpaque(argument).takeUnretainedValue().perform()
                return nil
            }, argument)
        // Too many threads for one more: the machine is beyond help, and there is no result to return.
        precondition(failure == 0, "cannot start a thread: \(Errno(rawValue: failure))")
        pthread_join(thread, nil)
    }
}

/// The argument of a thread's C entry point, which does not know the result's type.
private class AnyWork {
    func perform() {}
}

private final class Work<Value: ~Copyable, Failure: Error>: AnyWork {
    var body: (() throws(Failure) -> Value)?
    private var outcome: Result<Value, Failure>?

    override func perform() {
        guard let body else { return }
        do {
            outcome = .success(try body())
        } catch {
            outcome = .failure(error)
        }
    }

    func outcomeOfWork() -> Result<Value, Failure> {
        guard let outcome = outcome.take() else { preconditionFailure("the thread ended without an outcome") }
        return outcome
    }
}
