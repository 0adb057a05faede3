// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinuxSystem
import ThrowawayPlaces

/// The built p4netintel, which lies beside the tests.
struct Binary {
    struct Outcome {
        let code: Int32
        let output: String
        let errors: String

        /// What it printed, as JSON.
        func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
            try JSONDecoder().decode(type, from: Data(output.utf8))
        }
    }

    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static let path: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: tests).deletingLastPathComponent().appending(path: "p4netintel").path
    }()

    /// Starts it in the repository, its output in files of `directory`.
    static func start(_ arguments: [String], in directory: TemporaryDirectory) throws -> ChildProcess {
        var request = SpawnRequest([path] + arguments)
        request.workingDirectory = repository.path
        request.output = .file(directory.path("output"))
        request.errors = .file(directory.path("errors"))
        return try ChildProcess.spawn(request)
    }

    /// Runs it to its end, two minutes at most.
    static func run(_ arguments: String..., in directory: TemporaryDirectory? = nil) throws -> Outcome {
        try run(arguments, in: directory)
    }

    static func run(_ arguments: [String], in directory: TemporaryDirectory? = nil) throws -> Outcome {
        let directory = try directory ?? TemporaryDirectory()
        let child = try start(arguments, in: directory)
        guard let status = try child.wait(milliseconds: 120_000) else {
            try child.end()
            throw Failure("p4netintel \(arguments.joined(separator: " ")) did not end in two minutes")
        }
        return Outcome(code: status.code, output: directory.text("output"), errors: directory.text("errors"))
    }

    /// Waits until a process that writes into `directory` has said `words` on standard error, a minute at most.
    static func waitUntil(_ child: ChildProcess, says words: String, in directory: TemporaryDirectory) throws {
        for _ in 0..<3000 {
            if directory.text("errors").contains(words) { return }
            // Returns at once if the process has ended.
            guard try child.wait(milliseconds: 20) == nil else { break }
        }
        guard !directory.text("errors").contains(words) else { return }
        throw Failure("'\(words)' was not said: \(directory.text("errors"))")
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }
}
