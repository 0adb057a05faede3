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
        ("2msec", 2000),
    ])
    func latencyIsReadAsTcDoes(_ text: String, _ microseconds: Int) {
        #expect(LinkQuality.microseconds(of: text) == microseconds)
    }

    @Test(arguments: ["", "ms", "10 ms", "-1ms", "1.2.3ms", "10m", "1e3us", "2h", "3601s"])
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
        Bad(links: #"[["h1", "s9-p1"]]"#, place: "links[0]", reason: "switch 's9' is not declared"),
        Bad(links: #"[["h1", "s1"]]"#, place: "links[0]", reason: "'s1' is neither a declared host nor a port"),
        Bad(links: #"[["h9", "s1-p1"]]"#, place: "links[0]", reason: "'h9' is neither a declared host nor a port"),
        Bad(links: #"[["h1", "s1-p1-2"]]"#, place: "links[0]", reason: "'s1-p1-2' is neither"),
        Bad(links: #"[["h1", "s1-eth1"]]"#, place: "links[0]", reason: "'eth1' is no port of s1"),
        Bad(links: #"[["h1", "s1-p0"]]"#, place: "links[0]", reason: "'p0' is no port of s1"),
        Bad(links: #"[["h1", "s1-p511"]]"#, place: "links[0]", reason: "'p511' is no port of s1"),
        Bad(links: #"[["h1", "s1-p01"]]"#, place: "links[0]", reason: "'p01' is no port of s1"),
        Bad(links: #"[["h1"]]"#, place: "links[0]", reason: "a link is [end, end]"),
        Bad(links: #"[["h1", "s1-p1", 0, 1, 2]]"#, place: "links[0]", reason: "a link is [end, end]"),
        Bad(links: #"["h1-s1"]"#, place: "links[0]", reason: "must be a list, is a string"),
        Bad(links: #"[[1, "s1-p1"]]"#, place: "links[0]", reason: "must be a string, is a number"),
        Bad(links: #"[["h1", "s1-p1", "soon"]]"#, place: "links[0][2]", reason: "no latency"),
        Bad(links: #"[["h1", "s1-p1", -1]]"#, place: "links[0][2]", reason: "no latency"),
        Bad(links: #"[["h1", "s1-p1", true]]"#, place: "links[0][2]", reason: "no latency"),
        Bad(links: #"[["h1", "s1-p1", 0, 0]]"#, place: "links[0][3]", reason: "no bandwidth"),
        Bad(links: #"[["h1", "s1-p1", 0, "10"]]"#, place: "links[0][3]", reason: "no bandwidth"),
        Bad(links: #"[["h1", "s1-p1"], ["h1", "s1-p2"]]"#, place: "links[1]", reason: "'h1' is an end of links[0]"),
        Bad(links: #"[["h1", "s1-p1"], ["s1-p1", "s1-p2"]]"#, place: "links[1]", reason: "'s1-p1' is an end of"),
        Bad(links: "[]", place: "hosts.h1", reason: "no link leads to it"),
        Bad(
            hosts: """
                {"h1": {"ip": "10.0.1.1/24", "mac": "08:00:00:00:01:11"},
                 "h2": {"ip": "10.0.1.2/24", "mac": "08:00:00:00:01:12"}}
                """, links: #"[["h1", "h2"]]"#, place: "links[0]", reason: "a host must be linked to a switch"),
        Bad(
            hosts: """
                {"h1": {"ip": "10.0.1.1/24", "mac": "08:00:00:00:01:11"},
                 "h2": {"ip": "10.0.1.1/16", "mac": "08:00:00:00:01:12"}}
                """, place: "hosts.h2.ip", reason: "10.0.1.1 is h1's address too"),
        Bad(
            hosts: """
                {"h1": {"ip": "10.0.1.1/24", "ip6": "fd00::1/64", "mac": "08:00:00:00:01:11"},
                 "h2": {"ip": "10.0.1.2/24", "ip6": "fd00:0::1/48", "mac": "08:00:00:00:01:12"}}
                """, place: "hosts.h2.ip6", reason: "fd00::1 is h1's address too"),
        Bad(
            hosts: #"{"h1": {"ip": "10.0.1.1/24", "ip6": "fd00::1", "mac": "08:00:00:00:01:11"}}"#,
            place: "hosts.h1.ip6", reason: "'fd00::1' is no IPv6 address with a prefix length"),
        Bad(
            hosts: #"{"h1": {"ip": "10.0.1.1/24", "ip6": "fd00::1/129", "mac": "08:00:00:00:01:11"}}"#,
            place: "hosts.h1.ip6", reason: "'fd00::1/129' is no IPv6 address with a prefix length"),
        Bad(hosts: #"{"h1": {"mac": "08:00:00:00:01:11"}}"#, place: "hosts.h1", reason: "key 'ip' is missing"),
        Bad(hosts: #"{"h1": {"ip": "10.0.1.1/24"}}"#, place: "hosts.h1", reason: "key 'mac' is missing"),
        Bad(
            hosts: #"{"h1": {"ip": "10.0.1.1", "mac": "08:00:00:00:01:11"}}"#, place: "hosts.h1.ip",
            reason: "'10.0.1.1' is no IPv4 address with a prefix length"),
        Bad(
            hosts: #"{"h1": {"ip": "10.0.1.1/24", "mac": "01:00:00:00:01:11"}}"#, place: "hosts.h1.mac",
            reason: "is no MAC address of one interface"),
        Bad(
            hosts: #"{"h1": {"ip": "10.0.1.1/24", "mac": "08:00:00:00:01:11", "commands": ["a", 2]}}"#,
            place: "hosts.h1.commands[1]", reason: "must be a string, is a number"),
        Bad(
            hosts: #"{"h1": {"ip": "10.0.1.1/24", "mac": "08:00:00:00:01:11", "command": []}}"#,
            place: "hosts.h1.command", reason: "unknown key; there are ip, ip6, mac, commands"),
        Bad(
            hosts: #"{"h-1": {"ip": "10.0.1.1/24", "mac": "08:00:00:00:01:11"}}"#, place: "hosts.h-1",
            reason: "a node's name is a letter"),
        Bad(hosts: "[]", place: "hosts", reason: "must be an object, is a list"),
        Bad(switches: #"{"s1": null}"#, place: "switches.s1", reason: "must be an object, is null"),
        Bad(
            switches: #"{"s1": {"runtime_json": "nowhere.json"}}"#, place: "switches.s1.runtime_json",
            reason: "file 'nowhere.json' is neither beside the topology nor in the current directory"),
        Bad(
            switches: #"{"s1": {"cpu_port": "many"}}"#, place: "switches.s1.cpu_port",
            reason: "must be a whole number from 1 to 511"),
        Bad(
            switches: #"{"s1": {"priority_queues": 1.5}}"#, place: "switches.s1.priority_queues",
            reason: "must be a whole number from 1 to 8"),
        Bad(switches: #"{"s1": {}, "h1": {}}"#, place: "switches.h1", reason: "a host has this name too"),
    ])
    func whatIsWrongIsNamedWithItsPlace(_ bad: Bad) {
        let error = #expect(throws: LabError.self) { try parse(bad.document) }
        #expect(error?.place == "topologies/net.json: \(bad.place)")
        #expect(
            error?.reason.contains(bad.reason) == true,
            "\(String(describing: error))")
    }

    @Test(arguments: [
        ("{", "is no JSON: line 1, column 2: "), ("{}", "key 'hosts' is missing"),
        (#"{"hosts": {}}"#, "key 'switches' is missing"),
        (#"{"hosts": {}, "switches": {}}"#, "key 'links' is missing"),
        (#"{"hosts": {}, "switches": {}, "links": []}"#, "declares no host and no switch"),
    ])
    func aWholeThatIsNoneIsNamedByItsFile(_ document: String, _ reason: String) {
        let error = #expect(throws: LabError.self) { try parse(document) }
        #expect(error?.place == "topologies/net.json")
        #expect(error?.reason.hasPrefix(reason) == true, "\(String(describing: error))")
    }

    @Test func aFileThatIsMissingIsNamed() {
        let error = #expect(throws: LabError.self) { try Topology(contentsOf: "nowhere/x.json") }
        #expect(error?.place == "nowhere/x.json")
    }

    @Test(arguments: ["a b.json", ".json", "x;y.json"]) func aFileWhoseNameCannotBeALabsIsRefused(_ file: String) {
        #expect(throws: LabError.self) {
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
            let towardsFirst: Topology.Endpoint = number == 1 ? .host("h1") : .port(2, of: "s\(number - 1)")
            let towardsSecond: Topology.Endpoint = number == count ? .host("h2") : .port(1, of: "s\(number + 1)")
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
            let entries = try Self.tableEntries(JSONValue(parsing: Array(data)))
            let ids = entries.filter { $0["table"] == .string("INTEgress.switch_id") }
            #expect(ids.map { $0["action_params"] } == [.object(["switch_id": .integer(Int64(number))])])
            let forwarding = entries.filter { $0["action_name"] == .string("INTIngress.ipv4_forward") }
            if number > count {
                #expect(forwarding.isEmpty)
                #expect(node.commandsFile == nil)
            } else {
                let towards = forwarding.map { Self.members($0["action_params"])["port"] }
                #expect(towards == [.integer(1), .integer(2)])
                let macs = forwarding.map { Self.members($0["action_params"])["dst_addr"] }
                #expect(macs.first == .string(number == 1 ? "08:00:00:00:01:11" : "08:00:00:00:0\(number - 1):00"))
                #expect(macs.last == .string(number == count ? "08:00:00:00:02:22" : "08:00:00:00:0\(number + 1):00"))
                #expect((node.commandsFile != nil) == (number == 1 || number == count))
            }
            let sinks = entries.filter { $0["action_name"] == .string("INTEgress.sink") }
            #expect(sinks.count == (number == 1 ? 1 : 0))
        }
    }

    private static func members(_ value: JSONValue?) -> [String: JSONValue] {
        if case .object(let members)? = value { members } else { [:] }
    }

    private static func tableEntries(_ document: JSONValue) -> [[String: JSONValue]] {
        guard case .array(let entries)? = members(document)["table_entries"] else { return [] }
        return entries.map(members)
    }
}
