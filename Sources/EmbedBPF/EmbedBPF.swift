// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Compiles eBPF units and writes one Swift file that holds the objects, so that the product is one file and compiles
/// nothing when it runs. Usage: `EmbedBPF OUTPUT.swift NAME.bpf.c...`
@main
enum EmbedBPF {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        guard let output = arguments.first, arguments.count >= 2 else {
            stop("usage: EmbedBPF OUTPUT.swift NAME.bpf.c...")
        }
        do {
            let compiler = try Compiler.find()
            var text = """
                // SPDX-License-Identifier: Apache-2.0
                // Made by EmbedBPF from bpf/; do not edit.

                /// The compiled eBPF objects, as base64: a literal of bytes would take the compiler a thousand times
                /// longer.
                package enum EmbeddedObjects {

                """
            for unit in arguments.dropFirst() {
                let name = URL(filePath: unit).lastPathComponent.split(separator: ".")[0]
                text += "    package static let \(name) = \"\(try compiler.object(of: unit).base64EncodedString())\"\n"
            }
            try (text + "}\n").write(toFile: output, atomically: true, encoding: .utf8)
        } catch {
            stop("\(error)")
        }
    }

    private static func stop(_ message: String) -> Never {
        FileHandle.standardError.write(Data("error: \(message)\n".utf8))
        exit(1)
    }
}
