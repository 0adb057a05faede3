// SPDX-License-Identifier: Apache-2.0

import Addresses
import Documents
import FoundationEssentials
import LinuxSystem
import Testing

@testable import Lab

@Suite struct TopologyTests {
    static let hosts = """
        "hosts": {"h2": {"ip": "10.0.2.2/24", "mac": "08:00:00:00:02:22"},
                  "h1": {"ip": "10.0.1.1/24", "ip6": "fd00:1::1/64", "mac": "08:00:00:00:01:11",
                         "commands": ["first", "second"]}}
        """

    @Test func readsEveryFormOfALink() throws {
        let topology = try parse(
            """
            {\(Self.hosts), "switches": {"s10": {}, "s2": {}, "s1": {"cpu_port": "510", "priority_queues": 8}},
             "links": [["h1", "s1-p1"], ["s2-p4", "s1-p2", "10ms"], ["s2-p1", "s10-p1", 2, 0.5],
                       ["s10-p2", "h2", "0", 500]]}
            """)
        #expect(topology.hosts.map(\.name) == ["h1", "h2"])
        #expect(topology.hosts[0].commands == ["first", "second"])
        #expect(topology.hosts[1].commands == [])
        #expect(topology.hosts[0].address6?.description == "fd00:1::1/64")
        #expect(topology.hosts[1].address6 == nil)
        #expect(topology.switches.map(\.name) == ["s1", "s2", "s10"], "2 before 10")
        #expect(topology.switches[0].cpuPort == 510)
        #expect(topology.switches[0].priorityQueues == 8)
        #expect(
            topology.links == [
                Topology.Link(first: .host("h1"), second: .port(1, of: "s1"), quality: LinkQuality()),
                Topology.Link(
                    first: .port(4, of: "s2"), second: .port(2, of: "s1"),
                    quality: LinkQuality(delayMicroseconds: 10_000)),
                Topology.Link(
                    first: .port(1, of: "s2"), second: .port(1, of: "s10"),
                    quality: LinkQuality(delayMicroseconds: 2000, bandwidthMegabits: 0.5)),
                Topology.Link(
                    first: .port(2, of: "s10"), second: .host("h2"), quality: LinkQuality(bandwidthMegabits: 500)),
            ])
        #expect(topology.name == "net")
    }

    @Test(arguments: [
        ("0", 0), ("10ms", 10_000), ("100us", 100), ("0.5ms", 500), ("1s", 1_000_000), ("7", 7), ("3usecs", 3),
        ("60s", 60_000_000),
        ("2msec", 2000),
    ])
    func latencyIsReadAsTcDoes(_ text: String, _ microseconds: Int) {
        #expect(LinkQuality.microseconds(of: text) == microseconds)
    }

    @Test(arguments: ["", "ms", "10 ms", "-1ms", "1.2.3ms", "10m", "1e3us", "2h", "61s"])
    func whatIsNoLatencyIsNone(_ text: String) {
        #expect(LinkQuality.microseconds(of: text) == nil)
    }

    struct Bad: Sendable {
        var hosts = #"{"h1": {"ip": "10.0.1.1/24", "mac": "08:00:00:00:01:11"}}"#
        var switches = #"{"s1": {}}"#
        var links = #"[["h1", "s1-p1"]]"#
        let place: String
        let reason: String

        var document: String { #"{"hosts": \#(hosts), "switches": \#(switches), "links": \#(links)}"# }
    }

    @Test(arguments: [
        Bad(
            links: #"[["h1", "s9-p1"]]"#, place: "links[0][1]",
            reason: "a link's end must be a port of a declared switch, got 's9'; did you mean 's1'?"),
        Bad(
            links: #"[["h1", "s1"]]"#, place: "links[0][1]",
            reason: "a host or a switch's port, such as s1-p2, got 's1'"),
        Bad(
            links: #"[["h9", "s1-p1"]]"#, place: "links[0][0]",
            reason: "a host or a switch's port, such as s1-p2, got 'h9'"),
        Bad(links: #"[["h1", "s1-p1-2"]]"#, place: "links[0][1]", reason: "got 's1-p1-2'"),
        Bad(
            links: #"[["h1", "s1-eth1"]]"#, place: "links[0][1]", reason: "a port from s1-p1 to s1-p510, got 's1-eth1'"),
        Bad(links: #"[["h1", "s1-p0"]]"#, place: "links[0][1]", reason: "got 's1-p0'"),
        Bad(links: #"[["h1", "s1-p511"]]"#, place: "links[0][1]", reason: "got 's1-p511'"),
        Bad(links: #"[["h1", "s1-p01"]]"#, place: "links[0][1]", reason: "got 's1-p01'"),
        Bad(links: #"[["h1"]]"#, place: "links[0]", reason: "must be [end, end], [end, end, latency] or"),
        Bad(
            links: #"[["h1", "s1-p1", 0, 1, 2]]"#, place: "links[0]",
            reason: "must be [end, end], [end, end, latency] or"),
        Bad(links: #"["h1-s1"]"#, place: "links[0]", reason: "must be a list, such as [a, b], got 'h1-s1'"),
        Bad(links: #"[[1, "s1-p1"]]"#, place: "links[0][0]", reason: "must be text, got 1"),
        Bad(links: #"[["h1", "s1-p1", "soon"]]"#, place: "links[0][2]", reason: "must be a latency up to 60 s"),
        Bad(links: #"[["h1", "s1-p1", -1]]"#, place: "links[0][2]", reason: "must be a latency up to 60 s"),
        Bad(links: #"[["h1", "s1-p1", true]]"#, place: "links[0][2]", reason: "must be a latency up to 60 s"),
        Bad(links: #"[["h1", "s1-p1", 0, 0]]"#, place: "links[0][3]", reason: "must be a bandwidth greater than 0"),
        Bad(links: #"[["h1", "s1-p1", 0, "10"]]"#, place: "links[0][3]", reason: "must be a bandwidth greater than 0"),
        Bad(
            links: #"[["h1", "s1-p1"], ["h1", "s1-p2"]]"#, place: "links[1][0]",
            reason: "'h1', which is an end of links[0]"),
        Bad(
            links: #"[["h1", "s1-p1"], ["s1-p1", "s1-p2"]]"#, place: "links[1][0]",
            reason: "'s1-p1', which is an end of"),
        Bad(links: "[]", place: "hosts.h1", reason: "a host must have a link, got none"),
        Bad(
            hosts: """
                {"h1": {"ip": "10.0.1.1/24", "mac": "08:00:00:00:01:11"},
                 "h2": {"ip": "10.0.1.2/24", "mac": "08:00:00:00:01:12"}}
                """, links: #"[["h1", "h2"]]"#, place: "links[0]", reason: "a host must be linked to a switch"),
        Bad(
            hosts: """
                {"h1": {"ip": "10.0.1.1/24", "mac": "08:00:00:00:01:11"},
                 "h2": {"ip": "10.0.1.1/16", "mac": "08:00:00:00:01:12"}}
                """, place: "hosts.h2.ip", reason: "addresses must be unique, got 10.0.1.1, which h1 has"),
        Bad(
            hosts: """
                {"h1": {"ip": "10.0.1.1/24", "ip6": "fd00::1/64", "mac": "08:00:00:00:01:11"},
                 "h2": {"ip": "10.0.1.2/24", "ip6": "fd00:0::1/48", "mac": "08:00:00:00:01:12"}}
                """, place: "hosts.h2.ip6", reason: "addresses must be unique, got fd00::1, which h1 has"),
        Bad(
            hosts: #"{"h1": {"ip": "10.0.1.1/24", "ip6": "fd00::1", "mac": "08:00:00:00:01:11"}}"#,
            place: "hosts.h1.ip6",
            reason: "must be an IPv6 address with a prefix length, such as fd00:1::1/64, got 'fd00::1'"),
        Bad(
            hosts: #"{"h1": {"ip": "10.0.1.1/24", "ip6": "fd00::1/129", "mac": "08:00:00:00:01:11"}}"#,
            place: "hosts.h1.ip6", reason: "got 'fd00::1/129'"),
        Bad(hosts: #"{"h1": {"mac": "08:00:00:00:01:11"}}"#, place: "hosts.h1", reason: "key 'ip' is missing"),
        Bad(hosts: #"{"h1": {"ip": "10.0.1.1/24"}}"#, place: "hosts.h1", reason: "key 'mac' is missing"),
        Bad(
            hosts: #"{"h1": {"ip": "10.0.1.1", "mac": "08:00:00:00:01:11"}}"#, place: "hosts.h1.ip",
            reason: "must be an IPv4 address with a prefix length, such as 10.0.1.1/24, got '10.0.1.1'"),
        Bad(
            hosts: #"{"h1": {"ip": "10.0.1.1/24", "mac": "01:00:00:00:01:11"}}"#, place: "hosts.h1.mac",
            reason: "must be the MAC address of one interface"),
        Bad(
            hosts: #"{"h1": {"ip": "10.0.1.1/24", "mac": "08:00:00:00:01:11", "commands": ["a", 2]}}"#,
            place: "hosts.h1.commands[1]", reason: "must be text, got 2"),
        Bad(
            hosts: #"{"h1": {"ip": "10.0.1.1/24", "mac": "08:00:00:00:01:11", "command": []}}"#,
            place: "hosts.h1",
            reason: "unknown key 'command': expected ip, ip6, mac or commands; did you mean 'commands'?"),
        Bad(
            hosts: #"{"h-1": {"ip": "10.0.1.1/24", "mac": "08:00:00:00:01:11"}}"#, place: "hosts.h-1",
            reason: "a node's name must be a letter"),
        Bad(hosts: "[]", place: "hosts", reason: "must be an object of keys and values, got []"),
        Bad(switches: #"{"s1": null}"#, place: "switches.s1", reason: "must be an object of keys and values, got null"),
        Bad(
            switches: #"{"s1": {"runtime_json": "nowhere.json"}}"#, place: "switches.s1.runtime_json",
            reason: "must be a file beside the topology or in the current directory, got 'nowhere.json'"),
        Bad(
            switches: #"{"s1": {"cpu_port": "many"}}"#, place: "switches.s1.cpu_port",
            reason: "must be an integer from 1 to 511, got 'many'"),
        Bad(
            switches: #"{"s1": {"priority_queues": 1.5}}"#, place: "switches.s1.priority_queues",
            reason: "must be an integer from 1 to 8, got 1.5"),
        Bad(switches: #"{"s1": {}, "h1": {}}"#, place: "switches.h1", reason: "a node's name must be unique"),
    ])
    func whatIsWrongIsNamedWithItsPlace(_ bad: Bad) {
        let error = #expect(throws: InputError.self) { try parse(bad.document) }
        guard case .file("topologies/net.json", .some, .some)? = error?.location else {
            Issue.record("\(String(describing: error?.location))")
            return
        }
        #expect(error?.message.hasPrefix(bad.place) == true, "\(String(describing: error))")
        #expect(error?.message.contains(bad.reason) == true, "\(String(describing: error))")
    }

    @Test(arguments: [
        ("{", "topologies/net.json:1:2: not JSON: "), ("{}", "topologies/net.json:1:1: key 'hosts' is missing"),
        (#"{"hosts": {}}"#, "topologies/net.json:1:1: key 'switches' is missing"),
        (#"{"hosts": {}, "switches": {"s1": {}}}"#, "topologies/net.json:1:1: key 'links' is missing"),
        (
            #"{"hosts": {}, "switches": {}, "links": []}"#,
            "topologies/net.json:1:1: expected at least one host or switch"
        ),
    ])
    func aWholeThatIsNoneIsNamedByItsFile(_ document: String, _ reason: String) {
        let error = #expect(throws: InputError.self) { try parse(document) }
        #expect(error?.description.hasPrefix(reason) == true, "\(String(describing: error))")
    }

    @Test func moreHostsThanAMachineHasNamespacesForAreRefusedAtOnce() {
        let hosts = (0...1000).map { "\"h\($0)\": {}" }.joined(separator: ", ")
        let error = #expect(throws: InputError.self) {
            try parse("{\"hosts\": {\(hosts)}, \"switches\": {}, \"links\": []}")
        }
        #expect(error?.message == "hosts: expected at most 1000, got 1001")
    }

    @Test func aFileThatIsMissingIsNamed() {
        let error = #expect(throws: InputError.self) { try Topology(contentsOf: "nowhere/x.json") }
        #expect(error?.description == "nowhere/x.json: cannot read the file: no such file")
    }

    @Test(arguments: ["a b.json", ".json", "x;y.json"]) func aFileWhoseNameCannotBeALabsIsRefused(_ file: String) {
        #expect(throws: InputError.self) {
            try Topology(Array(#"{"hosts": {}, "switches": {}, "links": []}"#.utf8), file: file)
        }
    }

    private func parse(_ document: String) throws -> Topology {
        try Topology(Array(document.utf8), file: "topologies/net.json")
    }
}

/// The topologies that are shipped, found from this file's place.
@Suite struct ShippedTopologyTests {
    static let directory =
        #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/topologies"

    @Test(arguments: [("three-switch", 3), ("six-switch", 6), ("nine-switch", 9)])
    func isALineBetweenTheHostsAndAWayToTheCollector(_ name: String, _ count: Int) throws {
        let topology = try Topology(contentsOf: "\(Self.directory)/\(name).json")
        #expect(topology.hosts.map(\.address.description) == ["10.0.1.1/24", "10.0.2.2/24", "10.0.4.4/24"])
        #expect(topology.switches.count == count + 1)
        let collector = "s\(count + 1)"
        for number in 1...count {
            let ports = topology.ports(of: "s\(number)")
            let towardsFirst: Topology.LinkEnd = number == 1 ? .host("h1") : .port(2, of: "s\(number - 1)")
            let towardsSecond: Topology.LinkEnd = number == count ? .host("h2") : .port(1, of: "s\(number + 1)")
            var peers = [towardsFirst, towardsSecond]
            if number == 1 { peers.append(.port(2, of: collector)) }
            if number == count { peers.append(.port(3, of: collector)) }
            #expect(ports.map(\.number) == Array(1...peers.count))
            #expect(ports.map(\.peer) == peers)
        }
        let peers = topology.ports(of: collector).map(\.peer)
        #expect(peers == [.host("h4"), .port(3, of: "s1"), .port(3, of: "s\(count)")])
    }

    @Test(arguments: [("three-switch", 3), ("six-switch", 6), ("nine-switch", 9)])
    func everySwitchHasItsIdAndForwardsAlongTheLine(_ name: String, _ count: Int) throws {
        let topology = try Topology(contentsOf: "\(Self.directory)/\(name).json")
        for (index, node) in topology.switches.enumerated() {
            let number = index + 1
            let file = try #require(node.runtimeFile)
            let data = try #require(FileManager.default.contents(atPath: file))
            let entries = try Self.tableEntries(DocumentNode(json: Array(data), file: file))
            let ids = entries.filter { $0["table"]?.content == .string("INTEgress.switch_id") }
            #expect(
                ids.map { Self.members($0["action_params"]).mapValues(\.content) } == [
                    ["switch_id": .integer(Int64(number))]
                ])
            let forwarding = entries.filter { $0["action_name"]?.content == .string("INTIngress.ipv4_forward") }
            if number > count {
                #expect(forwarding.isEmpty)
                #expect(node.commandsFile == nil)
            } else {
                let towards = forwarding.map { Self.members($0["action_params"])["port"]?.content }
                #expect(towards == [.integer(1), .integer(2)])
                let macs = forwarding.map { Self.members($0["action_params"])["dst_addr"]?.content }
                #expect(macs.first == .string(number == 1 ? "08:00:00:00:01:11" : "08:00:00:00:0\(number - 1):00"))
                #expect(macs.last == .string(number == count ? "08:00:00:00:02:22" : "08:00:00:00:0\(number + 1):00"))
                #expect((node.commandsFile != nil) == (number == 1 || number == count))
            }
            // The hosts' ports, and whose telemetry is accepted where.
            let roles = entries.filter { $0["action_name"]?.content == .string("INTEgress.host") }
            #expect(roles.count == (number == 1 || number == count ? 1 : 0))
            let arrivals = entries.filter { $0["table"]?.content == .string("INTIngress.arrivals") }
            #expect(arrivals.count == (number == 1 || number == count ? 3 : 2))
        }
    }

    private static func members(_ value: DocumentNode?) -> [String: DocumentNode] {
        guard case .mapping(let members)? = value?.content else { return [:] }
        return Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value) })
    }

    private static func tableEntries(_ document: DocumentNode) -> [[String: DocumentNode]] {
        guard case .list(let entries)? = members(document)["table_entries"]?.content else { return [] }
        return entries.map(members)
    }
}
