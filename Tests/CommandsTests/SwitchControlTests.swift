// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import LinuxSystem
import Testing
import ThrowawayPlaces

@Suite struct SwitchControlTests {
    @Test(.needsRoot) func aSwitchThatIsOutOfDescriptorsGoesOnAndAnswersWhenItHasSome() throws {
        try withNamespaces(2) { namespaces in
            try connect(VethEnd("s1", in: namespaces[0]), VethEnd("far", in: namespaces[1]))
            let directory = try TemporaryDirectory()
            let path = directory.path("control")
            let running = try start(
                ["switch", "p4/INT.p4", "--port", "1=s1", "--control", path], directory, namespaces[0])
            defer { _ = try? running.end() }
            for _ in 0..<600 where !directory.text("output").contains("ready") {
                try #require(try running.wait(milliseconds: 50) == nil, "\(directory.text("errors"))")
            }
            try setDescriptorLimit(of: running, to: try firstFreeDescriptor(of: running))
            let other = try TemporaryDirectory()
            let waiting = try Binary.start(["control", path, "show_tables"], in: other)
            defer { _ = try? waiting.end() }
            #expect(try waiting.wait(milliseconds: 1000) == nil, "\(other.text("errors"))")
            #expect(try running.wait(milliseconds: 0) == nil, "\(directory.text("errors"))")

            try setDescriptorLimit(of: running, to: 1024)
            let next = try Binary.run("control", path, "show_tables")
            #expect(next.code == 0 && next.output.contains("ipv4_lpm"), "\(next.errors)")
            #expect(try waiting.wait(milliseconds: 60_000) == .exited(0))
            #expect(other.text("output") == next.output)
            running.send(.terminate)
            #expect(try running.wait(milliseconds: 60_000) == .exited(0), "\(directory.text("errors"))")
        }
    }

    private func start(
        _ arguments: [String], _ directory: TemporaryDirectory, _ namespace: NetworkNamespace
    ) throws -> ChildProcess {
        var request = SpawnRequest([Binary.path] + arguments, in: namespace)
        request.workingDirectory = Binary.repository.path
        request.output = .file(directory.path("output"))
        request.errors = .file(directory.path("errors"))
        return try ChildProcess.spawn(request)
    }

    private func firstFreeDescriptor(of process: ChildProcess) throws -> Int {
        let taken = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process.id)/fd").compactMap { Int($0) }
        return (0...taken.count).first { !taken.contains($0) } ?? taken.count
    }

    private func setDescriptorLimit(of process: ChildProcess, to count: Int) throws {
        let request = SpawnRequest(["prlimit", "--pid", "\(process.id)", "--nofile=\(count):"])
        #expect(try ChildProcess.spawn(request).wait(milliseconds: 10_000) == .exited(0))
    }
}
