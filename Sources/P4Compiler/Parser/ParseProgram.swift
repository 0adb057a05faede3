// SPDX-License-Identifier: Apache-2.0

/// Preprocesses and parses a program. Whatever is wrong is in `diagnostics`; the tree holds what could be read.
func parseProgram(_ source: ProgramSource, into diagnostics: Diagnostics) -> Program {
    let tokens = Preprocessor.run(source, into: diagnostics)
    var parser = Parser(tokens: tokens, diagnostics: diagnostics)
    return parser.program()
}

/// The same with the parts of a `ProgramSource` spelt out.
func parseProgram(
    file: String, loader: @escaping SourceLoader, defines: [String] = [], includeDirectories: [String] = [],
    systemIncludeDirectory: String? = nil, into diagnostics: Diagnostics
) -> Program {
    let source = ProgramSource(
        file: file, loader: loader, defines: defines, includeDirectories: includeDirectories,
        systemIncludeDirectory: systemIncludeDirectory)
    return parseProgram(source, into: diagnostics)
}
