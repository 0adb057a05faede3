// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import LinuxSystem
import Testing
import ThrowawayPlaces

@testable import Lab

@Suite struct ShellTests {
    static let nodes: Set<String> = ["h1", "h2", "s1"]
    static let addresses = ["h1": "10.0.1.1", "h2": "10.0.2.2"]

    @Test(arguments: [
        ("", ShellLine.empty), ("   ", .empty), ("# h1 ls", .empty), ("  # x", .empty),
        ("h1 ls -l", .run(node: "h1", command: "ls -l", inBackground: false)),
        ("  h1   ping  h2 ", .run(node: "h1", command: "ping  10.0.2.2", inBackground: false)),
        ("h1 echo h2x xh2 'h2' h1", .run(node: "h1", command: "echo h2x xh2 'h2' 10.0.1.1", inBackground: false)),
        ("s1 echo s1", .run(node: "s1", command: "echo s1", inBackground: false)),
        ("h2 sleep 9 &", .run(node: "h2", command: "sleep 9", inBackground: true)),
        ("h2 sleep 9&", .run(node: "h2", command: "sleep 9", inBackground: true)),
        ("h1 true && false", .run(node: "h1", command: "true && false", inBackground: false)),
        ("h1", .nodeWithoutCommand("h1")), ("h1 &", .nodeWithoutCommand("h1")),
        ("sh ls | wc", .outside("ls | wc")), ("sh", .unknown("sh")),
        ("source a b.txt", .source("a b.txt")), ("source", .unknown("source")),
        ("xterm h1", .terminal("h1")), ("xterm", .terminal(nil)),
        ("nodes", .builtin(.nodes)), ("pingall", .builtin(.pingall)), ("quit", .builtin(.quit)),
        ("nodes x", .unknown("nodes x")), ("h9 ls", .unknown("h9 ls")), ("exit ", .builtin(.exit)),
    ])
    func aLineIsUnderstood(_ text: String, _ line: ShellLine) {
        #expect(ShellLine(text, nodes: Self.nodes, addresses: Self.addresses) == line)
    }

    @Test func runsLinesInOrderUntilExit() throws {
        let session = Session()
        let code = session.run(["h1 ping h2", "h2 serve &", "sh date", "exit", "h1 never"])
        #expect(code == 0)
        #expect(session.executor.done == ["h1: ping 10.0.2.2", "h2&: serve", "outside: date", "end of background"])
    }

    @Test func theEndOfTheLinesEndsBackgroundJobsToo() throws {
        let session = Session()
        #expect(session.run(["h2 serve &"]) == 0)
        #expect(session.executor.done == ["h2&: serve", "end of background"])
    }

    @Test func whatIsNotUnderstoodIsSaidAndTheRestGoesOn() throws {
        let session = Session()
        #expect(session.run(["h7 ls", "h1", "h1 ls"]) == 1)
        #expect(session.executor.done == ["h1: ls", "end of background"])
        #expect(session.output.count == 2)
        #expect(session.output[0].hasPrefix("*** unknown command or node: h7 ls"))
        #expect(session.output[1].hasPrefix("*** a node needs a command"))
    }

    @Test func aCommandThatCannotBeRunIsSaidAndTheRestGoesOn() throws {
        let session = Session()
        session.executor.error = SystemError(call: "setns", errno: .noEntry, object: "x-h1")
        #expect(session.run(["h1 ls"]) == 1)
        #expect(session.output == ["*** setns 'x-h1': No such file or directory (ENOENT)"])
    }

    @Test func sourceRunsAFileWithItsLinesNamed() throws {
        let directory = try TemporaryDirectory()
        let inner = try directory.write("# nothing\nh1 inner\nbad line\n", to: "inner")
        let outer = try directory.write("source \(inner)\nh1 outer\nexit\nh1 never", to: "outer")
        let endless = directory.path("endless")
        try directory.write("source \(endless)", to: "endless")

        let session = Session()
        #expect(session.run(["source \(outer)", "h1 never"]) == 1)
        #expect(session.executor.done == ["h1: inner", "h1: outer", "end of background"])
        #expect(
            session.output.map { String($0.prefix { $0 != ";" }) } == [
                "*** \(inner):3: unknown command or node: bad line"
            ])
        let other = Session()
        #expect(other.run(["source \(endless)", "source \(directory.path("none"))"]) == 1)
        #expect(other.output.count == 2)
        #expect(other.output[0].contains("more than 16 deep"))
        #expect(other.output[1].hasSuffix("cannot be read"))
    }

    @Test func listsWhatThereIs() throws {
        let session = Session()
        #expect(session.run(["nodes", "net", "links", "dump", "xterm h1"]) == 0)
        #expect(
            session.output == [
                "available nodes are:\nh1 h2 s1",
                "h1 h1-eth0:s1-eth1", "h2 h2-eth0:s1-eth2", "s1 s1-eth1:h1-eth0 s1-eth2:h2-eth0",
                "h1-eth0<->s1-eth1", "h2-eth0<->s1-eth2",
                "<host h1: namespace=shell-test-h1 address=10.0.1.1/24>",
                "<host h2: namespace=shell-test-h2 address=10.0.2.2/24>",
                "<switch s1: namespace=shell-test-s1>",
                "no window is opened: in another terminal, run 'p4netintel lab exec /t/shell-test.json h1 bash'",
            ])
    }

    @Test func pingallGoesBetweenAllHostsAndCountsTheLost() throws {
        let session = Session()
        session.executor.reachable = ["h1 10.0.2.2"]
        #expect(session.run(["pingall"]) == 0)
        #expect(
            session.output == [
                "*** Ping: testing ping reachability", "h1 -> h2", "h2 -> X", "*** Results: 50% dropped (1/2 received)",
            ])
    }
}

/// A shell over a small topology whose commands are written down instead of run.
private final class Session {
    let executor = RecordingExecutor()
    private(set) var output: [String] = []

    func run(_ lines: [String]) -> Int32 {
        var rest = lines[...]
        do {
            let topology = try Topology(
                Array(
                    """
                    {"hosts": {"h1": {"ip": "10.0.1.1/24", "mac": "08:00:00:00:01:11"},
                               "h2": {"ip": "10.0.2.2/24", "mac": "08:00:00:00:02:22"}},
                     "switches": {"s1": {}}, "links": [["h1", "s1-p1"], ["s1-p2", "h2"]]}
                    """.utf8), file: "/t/shell-test.json")
            let state = try LabState(topology, in: LabNetwork(topology))
            return LabShell(state, executor: executor) { self.output.append($0) }.run { rest.popFirst() }
        } catch {
            Issue.record(error)
            return -1
        }
    }
}

private final class RecordingExecutor: ShellExecutor {
    var done: [String] = []
    var reachable: Set<String> = []
    var error: SystemError?

    func run(_ command: String, in node: String?) throws -> ProcessOutcome {
        if let error { throw error }
        done.append("\(node ?? "outside"): \(command)")
        return .exited(0)
    }

    func start(_ command: String, in node: String) throws { done.append("\(node)&: \(command)") }

    func pings(_ address: String, from node: String) throws -> Bool { reachable.contains("\(node) \(address)") }

    func endBackground() { done.append("end of background") }
}
