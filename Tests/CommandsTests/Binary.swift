// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinuxSystem
import Testing

/// The built p4netintel, which lies beside the tests.
struct Binary {
    struct Outcome {
        let code: Int32
        let output: String
        let errors: String
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
        let directory = try directory ?? TemporaryDirectory()
        let child = try start(arguments, in: directory)
        guard let status = try child.wait(milliseconds: 120_000) else {
            try child.end()
            throw Failure("p4netintel \(arguments.joined(separator: " ")) did not end in two minutes")
        }
        return Outcome(code: status.code, output: directory.text("output"), errors: directory.text("errors"))
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }
}

/// A directory that goes with its owner.
final class TemporaryDirectory {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "p4netintel-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path }

    func write(_ text: String, to name: String) throws -> String {
        try text.write(toFile: path(name), atomically: true, encoding: .utf8)
        return path(name)
    }

    func text(_ name: String) -> String {
        (try? String(contentsOfFile: path(name), encoding: .utf8)) ?? ""
    }
}

extension Trait where Self == ConditionTrait {
    /// For tests that make network namespaces. Without the privilege they are skipped, except where the variable CI
    /// is set: there they run, and fail.
    static var needsRoot: ConditionTrait {
        .enabled(if: geteuid() == 0 || ProcessInfo.processInfo.environment["CI"] != nil, "network namespaces need root")
    }
}
