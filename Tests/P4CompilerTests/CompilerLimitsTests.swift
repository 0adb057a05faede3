// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Testing

@testable import P4Compiler

/// Short sources that ask for more than a compiler can do, and files that it must not show.
@Suite struct CompilerLimitsTests {
    private func compile(_ files: [String: String], resolved: @escaping (String) -> String = { $0 }) -> String {
        let diagnostics = Diagnostics()
        let source = ProgramSource(
            file: "main.p4",
            loader: { path in files[path].map { Array($0.utf8) } ?? CompilerOptions.loadFromDisk(path) },
            systemIncludeDirectory: ProgramFixture.repository + "/p4/include", resolved: resolved)
        _ = Compiler.compile(source, into: diagnostics)
        return diagnostics.rendered()
    }

    private func program(_ declarations: String, ingress: String, apply: String) -> String {
        """
        #include <core.p4>
        #include <v1model.p4>
        header e_t { bit<48> d; bit<48> s; bit<16> t; }
        struct H { e_t e; }
        struct M { bit<32> x; }
        \(declarations)
        parser P(packet_in p, out H h, inout M m, inout standard_metadata_t s) {
            state start { p.extract(h.e); transition accept; }
        }
        control V(inout H h, inout M m) { apply {} }
        control I(inout H h, inout M m, inout standard_metadata_t s) { \(ingress) apply { \(apply) } }
        control E(inout H h, inout M m, inout standard_metadata_t s) { apply {} }
        control C(inout H h, inout M m) { apply {} }
        control D(packet_out p, in H h) { apply { p.emit(h.e); } }
        V1Switch(P(), V(), I(), E(), C(), D()) main;
        """
    }

    @Test func actionsThatCallActionsAreExpandedToALimit() {
        var actions = "action a0() { m.x = m.x + 1; }\n"
        for level in 1...19 { actions += "action a\(level)() { \(String(repeating: "a\(level - 1)(); ", count: 4))}\n" }
        let messages = compile(["main.p4": program("", ingress: actions, apply: "a19();")])
        #expect(messages.contains("error: the program is too large: more than 65536 calls, expanded where they stand"))
        #expect(messages.split(separator: "\n").filter { $0.contains("error:") }.count == 1)
    }

    @Test func controlsThatHoldControlsAreMadeToALimit() {
        var controls = "control C0(inout M m) { apply { m.x = m.x + 1; } }\n"
        for level in 1...15 {
            let inner = "C\(level - 1)()"
            controls += """
                control C\(level)(inout M m) { \(inner) a; \(inner) b; \(inner) c;
                    apply { a.apply(m); b.apply(m); c.apply(m); } }\n
                """
        }
        let messages = compile(["main.p4": program(controls, ingress: "C15() c;", apply: "c.apply(m);")])
        #expect(messages.contains("error: the program is too large: more than 10000 objects"))
        #expect(messages.split(separator: "\n").filter { $0.contains("error:") }.count == 1)
    }

    @Test func filesThatIncludeEachOtherTwiceAreReportedOnce() {
        let messages = compile([
            "main.p4": "#include \"b.p4\"\n#include \"b.p4\"\n", "b.p4": "#include \"main.p4\"\n#include \"main.p4\"\n",
        ])
        #expect(messages.split(separator: "\n").filter { $0.contains("error:") }.count == 1)
        #expect(messages.contains("is included 64 files deep: does it include itself?"))
        let wide = compile(["main.p4": String(repeating: "#include \"b.p4\"\n", count: 1001), "b.p4": "\n"])
        #expect(wide.contains("error: more than 1000 files are included: does 'b.p4' include itself?"))
        #expect(
            !compile(["main.p4": String(repeating: "#include \"b.p4\"\n", count: 1000), "b.p4": "\n"]).contains(
                "more than"))
    }

    @Test func ofALongLineTheMessageShowsThePartAroundItsPlace() {
        let long = compile(["main.p4": "const bit<8> X = \"" + String(repeating: "a", count: 100_000) + "\"; é"])
        #expect(long.utf8.count < 2000)
        let late = compile(["main.p4": String(repeating: "é", count: 5000) + " const bit<8> X = 1;"])
        #expect(late.split(separator: "\n").allSatisfy { $0.utf8.count < 400 })
        #expect(!late.contains("\u{fffd}"))
    }

    @Test func theTextOfAFileOutsideTheProgramsFoldersIsNotShown() throws {
        let secret = "/elsewhere/secret"
        let links = ["lib/link.p4": secret]
        for (name, resolves) in [(secret, [:]), ("lib/link.p4", links)] as [(String, [String: String])] {
            let messages = compile(["main.p4": "#include \"\(name)\"\n", name: "root:$6$hash:1\n"]) { path in
                resolves[path] ?? (path.hasPrefix("/") || path == "." ? path : "./" + path)
            }
            #expect(messages.contains("\(name):1:"), "\(messages)")
            #expect(messages.contains("error in a file outside the program's folders"), "\(messages)")
            #expect(!messages.contains("root") && !messages.contains("hash"), "\(messages)")
        }
        let own = compile(["main.p4": "#include \"lib/own.p4\"\n", "lib/own.p4": "root:$6$hash:1\n"])
        #expect(own.contains("root"))
    }

    @Test func aFileThatCannotBeReadSaysWhy() throws {
        let folder = FileManager.default.temporaryDirectory.path
        #expect(CompilerOptions.reasonUnread(folder) == "it is a directory")
        let large = folder + "/p4ni-test-\(UInt32.random(in: 0...UInt32.max)).p4"
        #expect(CompilerOptions.reasonUnread(large) == "there is no such file")
        #expect(FileManager.default.createFile(atPath: large, contents: nil))
        defer { try? FileManager.default.removeItem(atPath: large) }
        let result = unsafe truncate(large, CompilerLimits.fileBytes + 1)
        #expect(result == 0)
        #expect(CompilerOptions.reasonUnread(large) == "a source file has up to 64 MiB, this one has more")
        #expect(CompilerOptions.loadFromDisk(large) == nil)
    }
}
