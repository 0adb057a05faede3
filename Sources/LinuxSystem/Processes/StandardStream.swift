// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// One of the streams a process is given at its start: 0 input, 1 output, 2 errors. Never closed here.
public struct StandardStream: Sendable {
    private let number: Int32

    /// - Parameter number: 0 input, 1 output, 2 errors.
    public init(_ number: Int32) { self.number = number }

    /// Writes all of `text`; what a reader that has gone away would have got is dropped.
    /// - Returns: why text was not written that a reader waits for, such as a full disk; nil if there is no reason.
    @discardableResult
    public func write(_ text: String) -> SystemError? {
        var rest = ArraySlice(Array(text.utf8))
        do throws(SystemError) {
            while !rest.isEmpty {
                let count = try SystemCall.run("write", on: number == 1 ? "standard output" : "standard error") {
                    unsafe rest.withUnsafeBytes { unsafe Glibc.write(number, $0.baseAddress, $0.count) }
                }
                rest = rest.dropFirst(count)
            }
            return nil
        } catch {
            return error.errno == .brokenPipe ? nil : error
        }
    }

    /// Writes what C's streams, `print` among them, still hold of this process's output, so that a child's output comes
    /// after it.
    public static func flushBuffers() { _ = fflush(nil) }

    /// Whether it is a terminal.
    public var isTerminal: Bool { isatty(number) == 1 }

    /// The terminal's width in characters; nil if it is not a terminal or does not report it.
    public var columns: Int? { size.flatMap { $0.ws_col > 0 ? Int($0.ws_col) : nil } }

    /// The terminal's height in lines; nil if it is not a terminal or does not report it.
    public var rows: Int? { size.flatMap { $0.ws_row > 0 ? Int($0.ws_row) : nil } }

    private var size: winsize? {
        var size = winsize()
        return unsafe ioctl(number, UInt(TIOCGWINSZ), &size) == 0 ? size : nil
    }

    /// From now on a reader that has gone away makes writes fail instead of ending the process (SIGPIPE): for verbs
    /// that have something to clean up.
    public static func surviveClosedReaders() {
        _ = signal(SIGPIPE, SIG_IGN)
    }
}
