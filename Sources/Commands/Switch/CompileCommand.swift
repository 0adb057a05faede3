// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import P4Compiler
import SwitchIR
import TerminalKit

struct CompileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compile",
        abstract: "Check a P4_16 program and show what it compiles to.",
        discussion: """
            Compiles for the v1model architecture. Reports every error as file:line:column with the source line and a \
            caret. `p4netintel switch` compiles by itself; this verb is for checking and inspecting programs.

            Examples:
              p4netintel compile p4/INT.p4
              p4netintel compile p4/INT.p4 -D FREQ=1000 --disassemble

            Exit codes: 0 no errors; 1 errors in the program, or a file cannot be read; 64 wrong usage.
            """)

    @OptionGroup var source: SourceOptions

    @Flag(help: "Print the instructions below their source lines.")
    var disassemble = false

    func run() throws {
        let program = try source.compile()
        Terminal.write(disassemble ? program.disassembly() : program.summary)
    }
}
