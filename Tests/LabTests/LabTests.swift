// SPDX-License-Identifier: Apache-2.0

import Addresses
import FoundationEssentials
import Glibc
import LinuxSystem
import Testing
import ThrowawayPlaces

@testable import Lab

@Suite(.needsRoot) struct LabTests {
    /// In place of the switch: writes its arguments and the text that it is given, then waits.
    static let obedient = #"echo "$@"; ip -br link | grep -q eth1 && echo ready; exec sleep 120"#

    @Test func comesUpWithAddressesLinksAndSwitchesAndGoesAgain() throws {
        try TestLab.with { test in
            var reports: [String] = []
            let state = try test.lab.up(test.topology, test.options(Self.obedient)) { reports.append($0) }
            #expect(reports.last == "all 2 switches are ready")

            let status = try test.lab.status()
            #expect(status.isComplete)
            #expect(status.nodes.map(\.name) == ["h1", "h2", "s1", "s2"])
            #expect(status.nodes[0].interfaces.map(\.name) == ["eth0"])
            #expect(status.nodes[0].interfaces.map(\.mac) == ["08:00:00:00:01:11"])
            #expect(status.nodes[2].interfaces.map(\.name) == ["s1-eth1", "s1-eth2"])
            #expect(status.nodes[2].interfaces.map(\.peer) == ["h1/eth0", "s2/s2-eth1"])
            #expect(status.nodes.flatMap(\.interfaces).allSatisfy { $0.up && $0.mtu == 1600 })
            #expect(status.description.contains("pid"))

            var session = try RouteSession(in: try test.lab.namespace(of: "h1"))
            #expect(try session.addresses(of: "eth0").map(\.description) == ["10.0.1.1/24"])
            // The topology's own commands have run, in order.
            #expect(test.text(of: "commands") == "first\nsecond\n")
            try test.lab.namespace(of: "s1").perform {
                let control = try InterfaceControl()
                for offload in Offload.allCases { #expect(try !control.isOn(offload, of: "s1-eth2")) }
            }
            let arguments = try #require(
                FileManager.default.contents(atPath: test.lab.logFile(of: "s2")).map {
                    String(decoding: $0, as: UTF8.self)
                })
            #expect(arguments.contains("switch p4/INT.p4 --port 1=s2-eth1 --delay 1=100us --port 2=s2-eth2"))

            let processes = state.nodes.compactMap(\.process)
            #expect(processes.count == 2 && processes.allSatisfy(\.isRunning))
            #expect(try test.lab.down() == 4)
            #expect(processes.allSatisfy { !$0.isRunning })
            try test.expectNothingStays()
            #expect(try test.lab.down() == 0, "down of nothing is not an error")
        }
    }

    @Test func aCommandRunsInANodeAndItsExitCodeIsPassedOn() throws {
        try TestLab.with { test in
            var options = test.options("")
            options.startsSwitches = false
            try test.lab.up(test.topology, options)
            #expect(try test.lab.execute(["sh", "-c", "exit 7"], in: "h2") == .exited(7))
            let error = #expect(throws: LabError.self) { try test.lab.execute(["true"], in: "h9") }
            #expect(error?.reason == "has no node 'h9'; there are h1, h2, s1, s2")
            #expect(try test.lab.status().isComplete)
        }
    }

    @Test func isTakenDownByTheNamespacesNamesWhenItsStateIsLost() throws {
        try TestLab.with { test in
            let state = try test.lab.up(test.topology, test.options(Self.obedient))
            let stray = try ChildProcess.spawn(SpawnRequest(["sleep", "100"], in: try test.lab.namespace(of: "h1")))
            try FileManager.default.removeItem(atPath: test.lab.directory)
            #expect(try test.lab.status().nodes.count == 4)
            #expect(try test.lab.down() == 4)
            #expect(state.nodes.compactMap(\.process).allSatisfy { !$0.isRunning })
            #expect(try stray.wait(milliseconds: 5000) == .signaled(.terminate))
        }
    }

    @Test func aSecondUpReplacesTheFirst() throws {
        try TestLab.with { test in
            let first = try test.lab.up(test.topology, test.options(Self.obedient))
            var reports: [String] = []
            let second = try test.lab.up(test.topology, test.options(Self.obedient)) { reports.append($0) }
            #expect(reports.first == "took down what was left of lab '\(test.lab.name)'")
            #expect(first.nodes.compactMap(\.process).allSatisfy { !$0.isRunning })
            #expect(second.nodes.compactMap(\.process).allSatisfy { $0.isRunning })
        }
    }

    @Test func aFileOfTheSameNameElsewhereTakesNothingDown() throws {
        try TestLab.with { test in
            var options = test.options("")
            options.startsSwitches = false
            let state = try test.lab.up(test.topology, options)
            let other = LabNetwork(nameOrFile: "/elsewhere/\(test.lab.name).json", root: test.path("run"))
            let error = #expect(throws: LabError.self) { try other.down() }
            #expect(error?.reason.hasPrefix("is up from another file, \(state.topology); take that down") == true)
            #expect(try test.lab.status().nodes.count == 4)
            #expect(try LabNetwork(nameOrFile: test.lab.name, root: test.path("run")).down() == 4, "by its name")
        }
    }

    @Test func aProcessThatGotADeadSwitchsNumberIsLeftAlone() throws {
        try TestLab.with { test in
            var options = test.options("")
            options.startsSwitches = false
            var state = try test.lab.up(test.topology, options)
            let other = try ChildProcess.spawn(SpawnRequest(["sleep", "100"]))
            let json = #"{"id": \#(other.id), "startTime": 1}"#
            state.nodes[2].process = try JSONDecoder().decode(ProcessIdentity.self, from: Data(json.utf8))
            try state.write(of: test.lab)
            #expect(try test.lab.status().nodes[2].running == false)
            try test.lab.down()
            #expect(try other.wait(milliseconds: 0) == nil)
            try other.end()
        }
    }

    @Test func aSwitchThatEndsIsNamedWithItsLogAndNothingStays() throws {
        try TestLab.with { test in
            let script = "echo 's1-runtime.json: table_entries[0]: no such table' >&2; exit 3"
            let error = #expect(throws: LabError.self) { try test.lab.up(test.topology, test.options(script)) }
            #expect(error?.place.hasPrefix("switch s") == true)
            #expect(error?.reason.hasPrefix("ended with exit code 3 before it was ready") == true)
            #expect(error?.reason.contains("table_entries[0]: no such table") == true)
            try test.expectNothingStays()
        }
    }

    @Test func aSwitchThatIsNeverReadyIsNamedAndEnded() throws {
        try TestLab.with { test in
            var options = test.options("echo not yet; exec sleep 100")
            options.readyTimeoutMilliseconds = 100
            let error = #expect(throws: LabError.self) { try test.lab.up(test.topology, options) }
            #expect(error?.reason.hasPrefix("is not ready after") == true)
            #expect(error?.reason.contains("not yet") == true)
            try test.expectNothingStays()
        }
    }

    @Test func aHostsCommandThatFailsIsNamedAndNothingStays() throws {
        try TestLab.with(commands: ["true", "echo wrong; exit 4", "true"]) { test in
            let error = #expect(throws: LabError.self) { try test.lab.up(test.topology, test.options(Self.obedient)) }
            #expect(error?.place == "host h1")
            #expect(error?.reason == "command 'echo wrong; exit 4' failed with exit code 4: wrong")
            try test.expectNothingStays()
        }
    }

    @Test func bringingUpCanBeStopped() throws {
        try TestLab.with { test in
            var options = test.options("exec sleep 100")
            let deadline = DomainClock.monotonicNanoseconds() + 200_000_000
            options.isCancelled = { DomainClock.monotonicNanoseconds() > deadline }
            let error = #expect(throws: LabError.self) { try test.lab.up(test.topology, options) }
            #expect(error?.reason.hasPrefix("was stopped") == true)
            try test.expectNothingStays()
        }
    }

    @Test func aLabWhoseOwnerRunsIsLeftAlone() throws {
        try TestLab.with { test in
            let owner = try ChildProcess.spawn(SpawnRequest(["sleep", "120"]))
            var options = test.options("")
            options.startsSwitches = false
            let identity = try #require(owner.identity)
            options.owner = identity
            try test.lab.up(test.topology, options)
            for attempt in [{ _ = try test.lab.down() }, { _ = try test.lab.up(test.topology, options) }] {
                let error = #expect(throws: LabError.self, performing: attempt)
                #expect(error?.reason.hasPrefix("belongs to process \(identity.id)") == true)
            }
            #expect(try test.lab.status().nodes.count == 4)
            owner.send(.kill)
            try owner.wait()
            try test.lab.up(test.topology, options)
            #expect(try test.lab.down() == 4)
        }
    }

    @Test func aLabThatIsUpDoesNotGiveWayToOneWithAnOwner() throws {
        try TestLab.with { test in
            var options = test.options(Self.obedient)
            try test.lab.up(test.topology, options)
            options.owner = .current
            let error = #expect(throws: LabError.self) { try test.lab.up(test.topology, options) }
            #expect(error?.reason.hasPrefix("is up") == true)
            #expect(try test.lab.status().isComplete)
        }
    }

    @Test func twoAtOnceOnTheSameLabAreRefused() throws {
        try TestLab.with { test in
            var options = test.options("")
            options.startsSwitches = false
            try test.lab.up(test.topology, options)
            try test.lab.exclusively {
                let error = #expect(throws: LabError.self) { try test.lab.down() }
                #expect(error?.reason.hasPrefix("is being brought up or down") == true)
            }
        }
    }

    @Test func theShellRunsCommandsInTheNodes() throws {
        try TestLab.with { test in
            var options = test.options("")
            options.startsSwitches = false
            #expect(throws: LabError.self) { try LabShell(test.lab, interactive: false) { _ in } }
            try test.lab.up(test.topology, options)
            var output: [String] = []
            let shell = try LabShell(test.lab, interactive: false) { output.append($0) }
            var lines = [
                "h1 ip -br addr show eth0 > \(test.path("h1"))", "h2 echo h1 > \(test.path("h2"))",
                "h2 sleep 100 &", "h1 cat > \(test.path("input"))",
            ][...]
            #expect(shell.run { lines.popFirst() } == 0)
            #expect(test.text(of: "h1").contains("10.0.1.1/24"))
            #expect(test.text(of: "h2") == "10.0.1.1\n")
            #expect(test.text(of: "input") == "", "a command does not read the shell's lines")
            // They were sent a signal; a busy machine takes a moment to end them.
            let node = try test.lab.namespace(of: "h2")
            for _ in 0..<100 where !node.processes().isEmpty { Pause.microseconds(20_000) }
            #expect(node.processes().isEmpty, "background jobs end with the shell")
        }
    }

    @Test(arguments: ["three-switch", "six-switch", "nine-switch"])
    func aShippedTopologyComesUpAndItsHostsKnowTheirGateways(_ name: String) throws {
        let topology = try Topology(contentsOf: "\(ShippedTopologyTests.directory)/\(name).json")
        try TestLab.with { test in
            var options = test.options("")
            options.startsSwitches = false
            try test.lab.up(topology, options)
            for host in ["h1", "h2", "h4"] {
                let command = "ip route | grep -q '^default via' && ip neigh | grep -q PERMANENT"
                #expect(try test.lab.execute(["sh", "-c", command], in: host) == .exited(0))
                // The one address it was given, and no link-local one that would talk by itself.
                let six = "ip -6 route | grep -q '^default via' && ip -6 neigh | grep -q PERMANENT"
                #expect(try test.lab.execute(["sh", "-c", six], in: host) == .exited(0))
                let addresses = "test $(ip -o -6 address show dev eth0 | wc -l) -eq 1"
                #expect(try test.lab.execute(["sh", "-c", addresses], in: host) == .exited(0))
            }
            let quiet = "test ! -e /proc/net/if_inet6 || test $(wc -l < /proc/net/if_inet6) -eq 0"
            #expect(try test.lab.execute(["sh", "-c", quiet], in: "s1") == .exited(0), "a switch has no address")
            let status = try test.lab.status()
            #expect(status.nodes.count == topology.nodeNames.count)
            #expect(status.nodes.flatMap(\.interfaces).count == topology.links.count * 2)
        }
    }

    @Test(arguments: [("topologies/three-switch.json", "three-switch"), ("three-switch", "three-switch")])
    func aLabIsNamedByItsFileOrItself(_ text: String, _ name: String) {
        #expect(LabNetwork(nameOrFile: text).name == name)
    }
}

/// Two hosts on two switches, under a random name and with its own directory for state.
private struct TestLab {
    private let files: TemporaryDirectory
    let topology: Topology
    let lab: LabNetwork

    static func with(commands: [String]? = nil, _ body: (TestLab) throws -> Void) throws {
        let name = "p4ni-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        let files = try TemporaryDirectory()
        let directory = files.url.path
        let given = commands ?? ["echo first >> \(directory)/commands", "echo second >> \(directory)/commands"]
        let list = String(decoding: try JSONEncoder().encode(given), as: UTF8.self)
        let document = """
            {"hosts": {"h1": {"ip": "10.0.1.1/24", "mac": "08:00:00:00:01:11", "commands": \(list)},
                       "h2": {"ip": "10.0.2.2/24", "mac": "08:00:00:00:02:22"}},
             "switches": {"s1": {}, "s2": {}},
             "links": [["h1", "s1-p1"], ["s1-p2", "s2-p1", "100us"], ["s2-p2", "h2"]]}
            """
        let topology = try Topology(contentsOf: try files.write(document, to: "\(name).json"))
        let root = "\(directory)/run"
        let test = TestLab(files: files, topology: topology, lab: LabNetwork(topology, root: root))
        // By its name: a test may have brought it up from another topology's file.
        defer {
            #expect(throws: Never.self, "nothing may be left behind") { try LabNetwork(named: name, root: root).down() }
        }
        try body(test)
    }

    func expectNothingStays() throws {
        let nodes = try lab.status().nodes
        #expect(nodes.isEmpty)
    }

    func options(_ script: String) -> LabOptions {
        var options = LabOptions(executable: ["sh", "-c", script, "p4netintel"], program: "p4/INT.p4")
        options.mtu = 1600
        return options
    }

    func path(_ name: String) -> String { files.path(name) }

    func text(of name: String) -> String { files.text(name) }
}
