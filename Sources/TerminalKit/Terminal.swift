// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
public import LinuxSystem
internal import Synchronization
public import TextLayout

/// What a verb writes: results to standard output, what it is doing to standard error.
public enum Terminal {
    /// Whether results may be coloured.
    public static var style: TextStyle { style(of: .output) }

    /// Whether messages on standard error may be coloured.
    public static var errorStyle: TextStyle { style(of: .errors) }

    /// Colour is for terminals that show it, and only if the user did not switch it off (no-color.org).
    private static func style(of stream: StandardStream) -> TextStyle {
        let environment = ProcessInfo.processInfo.environment
        return TextStyle(
            colour: stream.isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb")
    }

    /// Columns of standard output; 100 where it is not a terminal.
    public static var width: Int { StandardStream.output.columns ?? 100 }

    /// Writes a line of the result to standard output.
    public static func print(_ line: String) { write(line + "\n") }

    /// Writes a line about what is going on to standard error.
    public static func say(_ line: String) { StandardStream.errors.write((line + "\n").withoutCommands) }

    /// Writes a text of one or more lines to standard output: all of it, or as much as a reader that has gone will
    /// accept.
    public static func write(_ text: String) {
        guard let failure = StandardStream.output.write(text.withoutCommands) else { return }
        lostOutput.withLock { $0 = $0 ?? failure }
    }

    /// Writes a text of one or more lines to standard error.
    public static func writeError(_ text: String) { StandardStream.errors.write(text.withoutCommands) }

    /// Why results did not reach standard output, such as a full disk; a verb that lost its result has failed.
    public static var outputFailure: SystemError? { lostOutput.withLock { $0 } }
    private static let lostOutput = Mutex<SystemError?>(nil)
}

extension StandardStream {
    fileprivate static var output: StandardStream { StandardStream(1) }
    static var errors: StandardStream { StandardStream(2) }
}
