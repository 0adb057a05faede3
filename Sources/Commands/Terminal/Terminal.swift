// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import LinuxSystem
import Synchronization

/// What a verb writes: results to standard output, what it is doing to standard error.
enum Terminal {
    /// Whether colour may be used on standard output.
    static var hasColour: Bool { takesColour(1) }

    /// Whether colour may be used on standard error.
    static var errorsHaveColour: Bool { takesColour(2) }

    private static func takesColour(_ stream: Int32) -> Bool {
        StandardStream(stream).isTerminal && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
            && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    /// Columns of standard output; 100 where it is not a terminal.
    static var width: Int { StandardStream(1).columns ?? 100 }

    /// For usage that only shows to be wrong once a file was read: says so as a verb's own check of its arguments does.
    static func wrongUsage(_ message: String, of verb: String) -> ExitCode {
        say("Error: \(message)\n  See 'p4netintel \(verb) --help' for more information.")
        return .validationFailure
    }

    /// A line of the result.
    static func print(_ line: String) { write(line + "\n", to: 1) }

    /// A line about what is going on.
    static func say(_ line: String) { write(line + "\n", to: 2) }

    /// Writes all of it, or as much as a reader that has gone will take.
    static func write(_ text: String, to descriptor: Int32) {
        guard let failure = StandardStream(descriptor).write(text), descriptor == 1 else { return }
        lostOutput.withLock { $0 = $0 ?? failure }
    }

    /// Why results did not reach standard output, such as a full disk; a verb that lost its result has failed.
    static var outputFailure: SystemError? { lostOutput.withLock { $0 } }
    private static let lostOutput = Mutex<SystemError?>(nil)
}

/// A line about progress on standard error, rewritten in place on a terminal; elsewhere one line every five seconds.
struct ProgressLine {
    private let inPlace = StandardStream(2).isTerminal
    private var lastWritten = DomainClock.monotonicNanoseconds()
    private var isOpen = false

    mutating func show(_ text: @autoclosure () -> String) {
        let now = DomainClock.monotonicNanoseconds()
        guard now - lastWritten >= (inPlace ? 200_000_000 : 5_000_000_000) else { return }
        lastWritten = now
        Terminal.write(inPlace ? "\r\u{1b}[K" + text() : text() + "\n", to: 2)
        isOpen = inPlace
    }

    /// Leaves the line free for what follows.
    mutating func finish() {
        if isOpen { Terminal.write("\r\u{1b}[K", to: 2) }
        isOpen = false
    }
}
