// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import LinuxSystem

@Suite struct ChildProcessTests {
    @Test(arguments: [
        ("exit 0", ProcessOutcome.exited(0)), ("exit 3", .exited(3)), ("kill -TERM $$", .signaled(.terminate)),
    ])
    func reportsHowTheProgramEnded(_ script: String, _ status: ProcessOutcome) throws {
        let child = try ChildProcess.spawn(SpawnRequest(["sh", "-c", script]))
        #expect(try child.wait(milliseconds: 5000) == status)
        #expect(try child.wait() == status, "asking again gives the same")
        #expect(child.identity == nil)
    }

    @Test func aProgramThatIsMissingFailsAtOnce() throws {
        let error = #expect(throws: SystemError.self) { try ChildProcess.spawn(SpawnRequest(["no-such-program"])) }
        #expect(error?.description == "execute 'no-such-program': No such file or directory (ENOENT)")
        #expect(throws: SystemError.self) { try ChildProcess.spawn(SpawnRequest([])) }
    }

    @Test func aDirectoryThatIsMissingFailsAtOnce() throws {
        var request = SpawnRequest(["true"])
        request.workingDirectory = "/nonexistent"
        let error = #expect(throws: SystemError.self) { try ChildProcess.spawn(request) }
        #expect(error?.call == "chdir for")
    }

    @Test func bothStreamsGoToOneFile() throws {
        let path = "/tmp/p4ni-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        defer { unsafe unlink(path) }
        var request = SpawnRequest(["sh", "-c", "echo out; echo err >&2; echo $GREETING; pwd"])
        request.output = .file(path)
        request.errors = .file(path)
        request.environment = ["GREETING": "a = b", "PATH": "/usr/bin:/bin"]
        request.workingDirectory = "/usr"
        #expect(try ChildProcess.spawn(request).wait(milliseconds: 5000) == .exited(0))
        let bytes = try Descriptor.open(path, flags: O_RDONLY).read(upTo: 1000)
        #expect(String(decoding: bytes ?? [], as: UTF8.self) == "out\nerr\na = b\n/usr\n")
    }

    @Test func readsItsInputFromAPipe() throws {
        let input = try Descriptor.pipe()
        let output = try Descriptor.pipe()
        var request = SpawnRequest(["cat"])
        request.input = .descriptor(input.reading.number)
        request.output = .descriptor(output.writing.number)
        let child = try ChildProcess.spawn(request)
        try input.writing.write(Array("through".utf8))
        #expect(try output.reading.read(upTo: 100) == Array("through".utf8))
        #expect(try child.wait(milliseconds: 0) == nil)
        #expect(try child.end() == .signaled(.terminate))
    }

    @Test func endsWhatIgnoresTheFirstSignalAndItsChildren() throws {
        let output = try Descriptor.pipe()
        var request = SpawnRequest(["sh", "-c", "trap '' TERM; sleep 60 & echo $!; wait; wait"])
        request.output = .descriptor(output.writing.number)
        let child = try ChildProcess.spawn(request)
        let text = String(decoding: try output.reading.read(upTo: 100) ?? [], as: UTF8.self)
        let grandchild = try #require(Int32(text.prefix { $0 != "\n" }).flatMap { ProcessIdentity(running: $0) })
        #expect(try child.end(within: 200) == .signaled(.kill))
        #expect(try grandchild.waitForEnd(milliseconds: 5000))
    }

    @Test func blockedSignalsAreNotInherited() throws {
        let outcome = try OwnThread.run { () throws(SystemError) -> ProcessOutcome? in
            _ = try SignalDescriptor([.terminate])
            let child = try ChildProcess.spawn(SpawnRequest(["sh", "-c", "kill -TERM $$; sleep 30"]))
            return try child.wait(milliseconds: 5000)
        }
        #expect(outcome == .signaled(.terminate))
    }

    @Test func anIdentityIsOfOneProcessOnly() throws {
        let child = try ChildProcess.spawn(SpawnRequest(["sleep", "60"]))
        let identity = try #require(child.identity)
        #expect(identity.isRunning)
        #expect(ProcessIdentity.all().contains(identity))
        let other = try #require(ProcessIdentity(running: getpid()))
        #expect(other.startTime <= identity.startTime)
        try identity.end(within: 2000)
        #expect(try child.wait(milliseconds: 5000) == .signaled(.terminate))
        #expect(!identity.isRunning)
        #expect(try !identity.send(.terminate))
        #expect(try identity.waitForEnd(milliseconds: 0))
    }

    @Test(arguments: [
        ("7 (a) b) c) S 1 7 7 0 -1 4 0 0 0 0 0 0 0 0 20 0 1 0 4242 1 2", 4242),
        ("7 (sh) Z 1 7 7 0 -1 4 0 0 0 0 0 0 0 0 20 0 1 0 99", 99),
    ])
    func startTimeIsFoundBehindAnyName(_ stat: String, _ start: UInt64) {
        #expect(ProcessIdentity.parse(Array(stat.utf8))?.startTime == start)
    }

    @Test(arguments: ["", "7 (sh", "7 (sh) S 1 2", "7 (sh) S 1 7 7 0 -1 4 0 0 0 0 0 0 0 0 20 0 1 0 x"])
    func aStatusCutShortIsNone(_ stat: String) {
        #expect(ProcessIdentity.parse(Array(stat.utf8)) == nil)
    }
}
