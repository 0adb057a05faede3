// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
public import SwitchIR
public import TextLayout

/// What to compile, and how.
public struct CompilerOptions: Sendable {
    /// The program's own file, as the loader knows it and messages name it.
    public var file: String
    /// `NAME` or `NAME=VALUE`, as after `-D`.
    public var defines: [String]
    /// As after `-U`; applied after `defines`.
    public var undefines: [String]
    /// Searched in order, as after `-I`.
    public var includeDirectories: [String]
    /// The folder of `core.p4` and `v1model.p4`, searched last.
    public var systemIncludeDirectory: String?
    /// Whether messages are coloured.
    public var style: TextStyle
    /// After this many errors further ones are only counted.
    public var errorLimit: Int
    /// Gives the bytes of a path, or nil if there is no such file.
    public var loader: @Sendable (_ path: String) -> [UInt8]?

    /// Options with the compiler's defaults for what is left out.
    public init(
        file: String, defines: [String] = [], undefines: [String] = [], includeDirectories: [String] = [],
        systemIncludeDirectory: String? = nil, style: TextStyle = .plain, errorLimit: Int = 50,
        loader: @escaping @Sendable (_ path: String) -> [UInt8]? = CompilerOptions.loadFromDisk
    ) {
        self.file = file
        self.defines = defines
        self.undefines = undefines
        self.includeDirectories = includeDirectories
        self.systemIncludeDirectory = systemIncludeDirectory
        self.style = style
        self.errorLimit = errorLimit
        self.loader = loader
    }

    /// Why `loadFromDisk` gives nothing for a path.
    @Sendable static func reasonUnread(_ path: String) -> String? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else {
            return FileManager.default.fileExists(atPath: path) ? "it cannot be looked at" : "there is no such file"
        }
        guard attributes[.type] as? FileAttributeType != .typeDirectory else { return "it is a directory" }
        let size = attributes[.size] as? Int ?? 0
        guard size <= CompilerLimits.fileBytes else {
            return "a source file has up to \(CompilerLimits.fileBytes >> 20) MiB, this one has more"
        }
        return FileManager.default.isReadableFile(atPath: path) ? nil : "permission denied"
    }

    /// The absolute path without `.`, `..` and symbolic links.
    @Sendable static func resolved(_ path: String) -> String {
        URL(filePath: path).resolvingSymlinksInPath().path
    }

    /// Reads a regular file of at most `CompilerLimits.fileBytes`.
    @Sendable public static func loadFromDisk(_ path: String) -> [UInt8]? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            let size = attributes[.size] as? Int, size <= CompilerLimits.fileBytes
        else { return nil }
        return (try? Data(contentsOf: URL(filePath: path))).map(Array.init)
    }
}

/// The result of a compilation.
public struct CompilationResult: Sendable {
    /// Nil if there were errors.
    public let program: SwitchProgram?
    /// Errors and warnings, each with its source line and a caret; ends with a line feed, empty without messages.
    public let messages: String
    /// Errors found, those beyond the limit included.
    public let errorCount: Int
    /// Warnings found.
    public let warningCount: Int
}

/// Compiles P4_16 source text to a switch program.
public enum Compiler {
    /// Compiles a program for v1model. The result holds the mistakes in the program; nothing is thrown.
    public static func compile(_ options: CompilerOptions) -> CompilationResult {
        let diagnostics = Diagnostics(errorLimit: options.errorLimit)
        let source = ProgramSource(
            file: options.file, loader: options.loader, defines: options.defines, undefines: options.undefines,
            includeDirectories: options.includeDirectories, systemIncludeDirectory: options.systemIncludeDirectory,
            reasonUnread: CompilerOptions.reasonUnread, resolved: CompilerOptions.resolved)
        let program = compile(source, into: diagnostics)
        return CompilationResult(
            program: diagnostics.hasErrors ? nil : program, messages: diagnostics.rendered(options.style),
            errorCount: diagnostics.errorCount, warningCount: diagnostics.warningCount)
    }

    /// Runs the passes in order. A pass runs only if those before it found no errors.
    static func compile(_ source: ProgramSource, into diagnostics: Diagnostics) -> SwitchProgram? {
        let tree = parseProgram(source, into: diagnostics)
        guard !diagnostics.hasErrors else { return nil }
        let typed = Checker(diagnostics: diagnostics).check(tree)
        guard !diagnostics.hasErrors else { return nil }
        let place = SourceRange(file: FileID(index: 0), start: 0, end: 0)
        return Lowering(typed, diagnostics: diagnostics, start: place).lower(name: source.file)
    }
}
