// SPDX-License-Identifier: Apache-2.0

public import Documents
public import SwitchEngine
import SwitchIR
import TextLayout

/// The lines of simple_switch_CLI.
extension ControlPlane {
    /// What a file of commands printed, and what was wrong in it.
    public struct CommandResult: Sendable {
        /// The lines that the commands printed.
        public var output: [String] = []
        /// One per command that was refused.
        public var problems: [InputError] = []
    }

    /// Runs the lines of a file in order, also those after a wrong one. Blank lines and `#` comments are skipped.
    public func apply(commands text: String, file: String, to engine: inout Engine, now: PacketTimes) -> CommandResult {
        var result = CommandResult()
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        for (index, line) in lines.enumerated() {
            do {
                result.output += try execute(String(line), on: &engine, now: now)
            } catch {
                result.problems.append(error.located(at: .file(file, line: index + 1)))
            }
        }
        return result
    }

    /// Runs one command.
    /// - Returns: the lines that it prints.
    public func execute(
        _ line: String, on engine: inout Engine, now: PacketTimes
    ) throws(InputError) -> [String] {
        let words = line.prefix { $0 != "#" }.split { $0.isWhitespace }.map(String.init)
        guard let name = words.first else { return [] }
        guard let command = Self.commands[name] else {
            let known = Self.commands.keys.sorted()
            throw InputError(
                "unknown command '\(name)': expected one of \(known.joined(separator: ", "))"
                    + NearName.didYouMean(name, among: known))
        }
        let arguments = Arguments(words: Array(words.dropFirst()), form: "\(name) \(command.form)", now: now)
        guard command.counts.contains(arguments.count) else { throw arguments.wrongForm }
        return try command.run(self, arguments, &engine)
    }

    /// The words of a command after its name.
    struct Arguments {
        let words: [String]
        /// How the command is written, for messages.
        let form: String
        let now: PacketTimes

        var count: Int { words.count }
        var wrongForm: InputError { InputError("expected \(form), got \(count) argument\(count == 1 ? "" : "s")") }

        subscript(index: Int) -> String { words[index] }

        func number(_ index: Int, _ what: String) throws(InputError) -> Int {
            try ValueText.decimal(words[index], what)
        }

        func optionalNumber(_ index: Int, _ what: String) throws(InputError) -> Int? {
            index < count ? try number(index, what) : nil
        }

        func numbers(from index: Int, _ what: String) throws(InputError) -> [Int] {
            var numbers: [Int] = []
            for place in index..<max(index, count) { numbers.append(try number(place, what)) }
            return numbers
        }
    }

    struct Command: Sendable {
        let form: String
        let counts: ClosedRange<Int>
        let run: @Sendable (ControlPlane, Arguments, inout Engine) throws(InputError) -> [String]

        init(
            _ form: String, _ counts: ClosedRange<Int>,
            _ run: @escaping @Sendable (ControlPlane, Arguments, inout Engine) throws(InputError) -> [String]
        ) {
            self.form = form
            self.counts = counts
            self.run = run
        }
    }

    static let commands: [String: Command] =
        tableCommands.merging(trafficCommands) { $1 }.merging(externCommands) { $1 }
}
