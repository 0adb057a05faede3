// SPDX-License-Identifier: Apache-2.0

import Foundation

struct CompilerError: Error, CustomStringConvertible {
    let description: String
}

/// The clang that compiles for the kernel: the Swift toolchain's own, else any on the PATH.
struct Compiler {
    let path: String

    static func find() throws -> Compiler {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":").map(
            String.init)
        let besideSwift = folders.map { URL(filePath: $0 + "/swift").resolvingSymlinksInPath() }
            .filter { FileManager.default.isExecutableFile(atPath: $0.path) }
            .map { $0.deletingLastPathComponent().path }
        for folder in besideSwift + folders {
            let candidate = Compiler(path: folder + "/clang")
            if FileManager.default.isExecutableFile(atPath: candidate.path), try candidate.targetsBPF() {
                return candidate
            }
        }
        throw CompilerError(
            description: "no clang that compiles for the target bpf, neither beside swift nor on PATH: "
                + "install a Swift toolchain with its clang, or Debian's package clang")
    }

    func object(of unit: String) throws -> Data {
        let object = FileManager.default.temporaryDirectory.appending(path: "p4ni-\(UUID().uuidString).o")
        defer { try? FileManager.default.removeItem(at: object) }
        let (status, messages) = try run(arguments(for: unit, to: object.path))
        FileHandle.standardError.write(messages)
        guard status == 0 else { throw CompilerError(description: "\(path) cannot compile \(unit)") }
        return try Data(contentsOf: object)
    }

    private func targetsBPF() throws -> Bool {
        try run(["-target", "bpf", "-x", "c", "-c", "/dev/null", "-o", "/dev/null"]).status == 0
    }

    /// -g makes the BTF that maps are declared by; v3 has the atomic exchanges; the path of this machine's own headers
    /// is where Debian keeps asm/types.h, which a clang for another target does not look in.
    private func arguments(for unit: String, to object: String) -> [String] {
        #if arch(arm64)
            let machine = "aarch64"
        #else
            let machine = "x86_64"
        #endif
        return [
            "-target", "bpf", "-O2", "-g", "-mcpu=v3", "-Wall", "-Wextra", "-Werror",
            "-Wno-unused-parameter", "-Wno-address-of-packed-member",
            // Else some clangs make functions of what is seldom run, which the loader refuses in a program's section.
            "-mllvm", "-hotcoldsplit-threshold=1000000",
            "-idirafter", "/usr/include/\(machine)-linux-gnu", "-c", unit, "-o", object,
        ]
    }

    private func run(_ arguments: [String]) throws -> (status: Int32, messages: Data) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardError = pipe
        try process.run()
        let messages = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, messages)
    }
}
