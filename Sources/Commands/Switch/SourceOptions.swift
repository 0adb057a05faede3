// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import InstalledFiles
import P4Compiler
import Scenarios
import SwitchIR
import TerminalKit

/// A P4 program and how to preprocess it.
struct SourceOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "The P4_16 source file. A relative path that is not there is looked up among the installed files: p4/INT.p4.",
            valueName: "program"))
    var file: String

    @Option(
        name: [.customShort("D", allowingJoined: true)], parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Define a macro of the preprocessor.", valueName: "name=value"))
    var defines: [String] = []

    @Option(
        name: [.customShort("U", allowingJoined: true)], parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Undefine a macro of the preprocessor.", valueName: "name"))
    var undefines: [String] = []

    @Option(
        name: [.customShort("I", allowingJoined: true)], parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Search this directory for included files.", valueName: "directory"))
    var includes: [String] = []

    /// Compiles; messages go to standard error.
    /// - Throws: an exit code if there were errors.
    func compile() throws -> SwitchProgram {
        let installation = try Installation.find()
        let result = Compiler.compile(
            CompilerOptions(
                file: installation.source(file), defines: defines, undefines: undefines, includeDirectories: includes,
                systemIncludeDirectory: installation.includeDirectory, style: Terminal.errorStyle))
        Terminal.writeError(result.messages)
        guard let program = result.program else {
            Terminal.say("\(file): \(result.errorCount) error\(result.errorCount == 1 ? "" : "s")")
            throw ExitCode.failure
        }
        return program
    }
}
