// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import P4Compiler
import SwitchIR
import TerminalKit

struct CompileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compile",
        abstract: "Check a P4_16 program for v1model and show what it compiles to.",
        discussion: """
            Reports every mistake as file:line:column with the source line and a caret, and exits with 1 if there are \
            errors. 'switch' compiles by itself; this verb is for checking and for looking inside.
            """)

    @OptionGroup var source: SourceOptions

    @Flag(help: "Print the instructions under the source lines they come from.")
    var disassemble = false

    func run() throws {
        let program = try source.compile()
        Terminal.write(disassemble ? program.disassembly() : program.summary)
    }
}
