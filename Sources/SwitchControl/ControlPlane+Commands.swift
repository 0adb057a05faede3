// SPDX-License-Identifier: Apache-2.0

public import SwitchEngine
import SwitchIR

/// The lines of simple_switch_CLI.
extension ControlPlane {
    /// What a file of commands printed, and what was wrong in it.
    public struct CommandResult: Sendable {
        public var output: [String] = []
        public var problems: [ConfigurationProblem] = []
    }

    /// Runs the lines of a file in order, also those behind a wrong one. Blank lines and `#` comments are passed over.
    public func apply(commands text: String, file: String, to engine: inout Engine, now: PacketTimes) -> CommandResult {
        var result = CommandResult()
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        for (index, line) in lines.enumerated() {
            do {
                result.output += try run(command: String(line), on: &engine, now: now)
            } catch {
                let place = "line \(index + 1)"
                result.problems.append(ConfigurationProblem(file: file, place: place, reason: error.reason))
            }
        }
        return result
    }

    /// Runs one command and gives what it prints.
    public func execute(_ line: String, on engine: inout Engine, now: PacketTimes) throws(ConfigurationProblem)
        -> [String]
    {
        do {
            return try run(command: line, on: &engine, now: now)
        } catch {
            throw ConfigurationProblem(file: "command", place: "", reason: error.reason)
        }
    }

    func run(command line: String, on engine: inout Engine, now: PacketTimes) throws(Refusal) -> [String] {
        let words = line.prefix { $0 != "#" }.split { $0.isWhitespace }.map(String.init)
        guard let name = words.first else { return [] }
        guard let command = Self.commands[name] else {
            let known = Self.commands.keys.sorted().joined(separator: ", ")
            throw Refusal("unknown command '\(name)'; commands: \(known)")
        }
        let arguments = Arguments(words: Array(words.dropFirst()), form: "\(name) \(command.form)", now: now)
        guard command.counts.contains(arguments.count) else { throw arguments.wrongForm }
        return try command.run(self, arguments, &engine)
    }

    /// The words of a command behind its name.
    struct Arguments {
        let words: [String]
        /// How the command is written, for messages.
        let form: String
        let now: PacketTimes

        var count: Int { words.count }
        var wrongForm: Refusal { Refusal("the command is written: \(form)") }

        subscript(index: Int) -> String { words[index] }

        func number(_ index: Int, _ what: String) throws(Refusal) -> Int { try ValueText.decimal(words[index], what) }

        func optionalNumber(_ index: Int, _ what: String) throws(Refusal) -> Int? {
            index < count ? try number(index, what) : nil
        }

        func numbers(from index: Int, _ what: String) throws(Refusal) -> [Int] {
            var numbers: [Int] = []
            for place in index..<max(index, count) { numbers.append(try number(place, what)) }
            return numbers
        }
    }

    struct Command: Sendable {
        let form: String
        let counts: ClosedRange<Int>
        let run: @Sendable (ControlPlane, Arguments, inout Engine) throws(Refusal) -> [String]

        init(
            _ form: String, _ counts: ClosedRange<Int>,
            _ run: @escaping @Sendable (ControlPlane, Arguments, inout Engine) throws(Refusal) -> [String]
        ) {
            self.form = form
            self.counts = counts
            self.run = run
        }
    }

    static let commands: [String: Command] =
        tableCommands.merging(trafficCommands) { $1 }.merging(externCommands) { $1 }
}
