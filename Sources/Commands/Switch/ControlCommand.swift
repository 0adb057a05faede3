// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import Lab
import LinuxSystem
import SwitchRuntime
import TerminalKit

struct ControlCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "control",
        abstract: "Change and read tables, registers and counters of a running switch.",
        discussion: """
            Commands are those of simple_switch_CLI, like the lines of `p4netintel switch --commands`. Without a command, \
            reads one per line from standard input; if one is refused, the following ones are still run.

            Examples:
              p4netintel control three-switch/s1 'table_dump watchlist'
              p4netintel control three-switch/s1 'table_add watchlist one_in 10.0.2.2/32 => 5 100'
              p4netintel control /run/s1.sock < commands.txt

            Exit codes: 0 every command was accepted; 1 one was refused, or no switch listens; 64 wrong usage.
            """)

    @Argument(
        help: ArgumentHelp(
            "The socket given to the switch with --control, or a lab and its switch: three-switch/s1.",
            valueName: "switch"))
    var target: String

    @Argument(
        parsing: .captureForPassthrough,
        help: "A command, as separate words or quoted as one. (default: read standard input)")
    var command: [String] = []

    func run() throws {
        StandardStream.surviveClosedReaders()
        let control = try Self.connect(to: LabNetwork.controlSocket(named: target))
        let words = command.first == "--" ? Array(command.dropFirst()) : command
        var refused = false
        if words.isEmpty {
            var number = 0
            while let line = readLine() {
                number += 1
                if try !perform(line, on: control, place: "line \(number): ") { refused = true }
            }
        } else {
            refused = try !perform(words.joined(separator: " "), on: control, place: "")
        }
        if refused { throw ExitCode.failure }
    }

    /// - Returns: false if the switch refused it.
    private func perform(_ line: String, on control: borrowing ControlConnection, place: String) throws -> Bool {
        guard line.contains(where: { !$0.isWhitespace }) else { return true }
        do {
            let output = try control.run(line)
            if !output.isEmpty { Terminal.print(output) }
            return true
        } catch let error as CommandRefused {
            Terminal.say("Error: \(place)\(error)")
            return false
        }
    }

    private static func connect(to path: String) throws -> ControlConnection {
        do throws(SystemError) {
            return try ControlConnection(at: path)
        } catch {
            throw explained(error, path)
        }
    }

    private static func explained(_ error: SystemError, _ path: String) -> any Error {
        guard error.errno == .noEntry || error.errno == .connectionRefused else { return error }
        return CommandError("no switch listens at \(path): it must be running and have been started with --control")
    }

}
