// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Testing

@testable import P4Compiler

/// The P4 programs under `Tests/Fixtures/p4`, one folder for each thing that is expected of them.
///
/// - `accept`: complete programs that compile.
/// - `grammar`: what parses without a message, though no target could run it.
/// - `reject`: what is refused, with the messages of `NAME.expected` beside it, by whichever pass finds them.
struct ProgramFixture: Sendable, CustomTestStringConvertible {
    let folder: String
    let name: String

    static let repository = String(
        #filePath.split(separator: "/Tests/", maxSplits: 1, omittingEmptySubsequences: false)[0])
    static let root = repository + "/Tests/Fixtures/p4"

    var path: String { "\(Self.root)/\(folder)/\(name).p4" }
    var goldenPath: String { "\(Self.root)/\(folder)/\(name).expected" }
    var testDescription: String { "\(folder)/\(name)" }

    /// All programs of a folder; an empty folder is one fixture that fails to load, so that it cannot pass unseen.
    static func all(in folder: String) -> [ProgramFixture] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)")) ?? []
        let names = files.filter { $0.hasSuffix(".p4") }.map { String($0.dropLast(3)) }.sorted()
        return (names.isEmpty ? ["(this folder holds no programs)"] : names).map {
            ProgramFixture(folder: folder, name: $0)
        }
    }

    /// Files of the disk; the fixture's own folder is left out of messages.
    static func load(_ path: String) -> [UInt8]? {
        FileManager.default.contents(atPath: path).map { Array($0) }
    }

    var source: ProgramSource {
        let folder = "\(Self.root)/\(folder)/"
        return ProgramSource(
            file: name + ".p4", loader: { Self.load($0.hasPrefix("/") ? $0 : folder + $0) },
            systemIncludeDirectory: Self.repository + "/p4/include")
    }

    /// What the compiler says about the program.
    func diagnose() -> Diagnostics {
        let diagnostics = Diagnostics()
        _ = Compiler.compile(source, into: diagnostics)
        return diagnostics
    }

    /// Compares with the golden beside the program, or rewrites it when `UPDATE_GOLDENS=1`.
    func compareWithGolden(_ text: String) {
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
            #expect(throws: Never.self) { try text.write(toFile: goldenPath, atomically: true, encoding: .utf8) }
            return
        }
        let expected = Self.load(goldenPath).map { String(decoding: $0, as: UTF8.self) }
        #expect(text == expected, "run with UPDATE_GOLDENS=1 and read the difference")
    }
}

extension Diagnostics {
    /// `line:column: message` of each diagnostic, sorted, without source lines.
    var summary: [String] {
        sorted.map { diagnostic in
            let place = sources.place(of: diagnostic.range)
            let kind = diagnostic.severity == .warning ? "warning: " : ""
            return "\(place.line):\(place.column): \(kind)\(diagnostic.message)"
        }
    }
}

/// Parses texts held in memory; `main.p4` is the program.
func parse(_ files: [String: String], defines: [String] = []) -> (program: Program, diagnostics: Diagnostics) {
    let diagnostics = Diagnostics()
    let source = ProgramSource(file: "main.p4", loader: { files[$0].map { Array($0.utf8) } }, defines: defines)
    return (parseProgram(source, into: diagnostics), diagnostics)
}

func parse(_ text: String) -> (program: Program, diagnostics: Diagnostics) { parse(["main.p4": text]) }
