// SPDX-License-Identifier: Apache-2.0

public import SwitchEngine
public import SwitchIR
import SwitchControl

/// A packet test in the STF format of the P4 compiler's suite: packets in, packets expected out, table entries.
///
/// It runs on an engine with a clock of its own that advances a millisecond a packet, and so takes no time.
public struct PacketScript: Sendable {
    /// What a script found: the line that was not met, or could not be run.
    public struct Failure: Sendable, Hashable, CustomStringConvertible {
        /// The script's name.
        public var file: String
        /// The line that failed, from 1.
        public var line: Int
        /// What was expected, and what came.
        public var message: String

        /// Place and message in one line.
        public var description: String { "\(file):\(line): \(message)" }
    }

    /// The script's lines.
    public let text: String
    /// Its name, for messages.
    public let file: String

    /// A script from its text.
    public init(_ text: String, file: String = "script.stf") {
        self.text = text
        self.file = file
    }

    /// Runs the script on `program`; no failures means that it passes.
    public func run(on program: SwitchProgram, configuration: Configuration = Configuration()) -> [Failure] {
        do {
            var run = try ScriptRun(program, configuration)
            for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
            {
                run.execute(ScriptLine(line, number: index + 1))
            }
            run.compare()
            return run.failures.sorted { $0.line < $1.line }
                .map { Failure(file: file, line: $0.line, message: $0.message) }
        } catch {
            return [Failure(file: file, line: 0, message: "\(error)")]
        }
    }
}
