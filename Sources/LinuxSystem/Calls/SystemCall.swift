// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The one gate to the kernel: every call that can fail goes through here.
public enum SystemCall {
    /// Runs `body` again for as long as a signal interrupts it; a result of -1 becomes an error that names the call
    /// and its object.
    @discardableResult
    public static func run<Result: SignedInteger & FixedWidthInteger>(
        _ call: @autoclosure () -> String, on object: @autoclosure () -> String = "", _ body: () -> Result
    ) throws(SystemError) -> Result {
        while true {
            let result = body()
            if result != -1 { return result }
            let errno = Errno.current
            if errno == .interrupted { continue }
            throw SystemError(call: call(), errno: errno, object: object())
        }
    }

    /// As `run`, for calls on a descriptor that does not block: nil where it would have.
    @discardableResult
    static func runUnlessBlocking<Result: SignedInteger & FixedWidthInteger>(
        _ call: @autoclosure () -> String, on object: @autoclosure () -> String = "", _ body: () -> Result
    ) throws(SystemError) -> Result? {
        while true {
            let result = body()
            if result != -1 { return result }
            let errno = Errno.current
            if errno == .interrupted { continue }
            if errno == .wouldBlock { return nil }
            throw SystemError(call: call(), errno: errno, object: object())
        }
    }
}
