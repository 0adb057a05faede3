// SPDX-License-Identifier: Apache-2.0

internal import Addresses
public import Documents
internal import FoundationEssentials
internal import LinuxSystem
internal import TextLayout

extension Topology {
    /// Reads a topology file.
    ///
    /// Files that it names are looked for in its directory, then in the current one, and must exist.
    public init(contentsOf file: String) throws(InputError) {
        try self.init(InputFile.bytes(of: file), file: file)
    }

    init(_ bytes: [UInt8], file: String) throws(InputError) {
        let document = try DocumentNode(json: bytes, file: file)
        let top = try document.mapping(of: ["hosts", "switches", "links"])
        let reader = TopologyReader(file: file)
        let hosts = try reader.nodes(top.required("hosts"), reader.host)
        let switches = try reader.nodes(top.required("switches"), reader.switchNode)
        try reader.checkUnique(hosts, switches)
        guard !hosts.isEmpty || !switches.isEmpty else {
            throw document.error("expected at least one host or switch, got none")
        }
        name = try reader.labName()
        self.file = file
        self.hosts = hosts.map(\.node)
        self.switches = switches.map(\.node)
        links = try reader.links(
            top.required("links"), hosts: hosts.map { ($0.node.name, $0.source) }, switches: switches.map(\.node.name))
    }
}

/// The steps of reading a topology's file.
struct TopologyReader {
    let file: String

    /// Hosts, and switches, at most: each is a network namespace, and a process or more, on this machine.
    private static let mostNodes = 1000

    /// A host or switch, with the value that it was read from.
    struct Declared<Node> {
        let node: Node
        let source: DocumentNode
    }

    /// The file's name without `.json` names the lab's namespaces and directory.
    func labName() throws(InputError) -> String {
        let last = file.split(separator: "/").last ?? ""
        let stem = last.hasSuffix(".json") ? last.dropLast(5) : last
        let usable = stem.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "._-".utf8.contains(byte)
        }
        guard usable, !stem.isEmpty, !stem.hasPrefix("."), stem.utf8.count <= 100 else {
            throw InputError(
                "the file's name is the lab's: it must have letters, digits, '-', '_' and '.' only, at most 100, "
                    + "and not begin with '.', got '\(stem)'", at: .file(file))
        }
        return String(stem)
    }

    // MARK: Nodes

    /// The hosts or the switches, in natural order of their names.
    func nodes<Node>(
        _ section: DocumentNode, _ read: (String, DocumentNode) throws(InputError) -> Node
    ) throws(InputError) -> [Declared<Node>] {
        var nodes: [Declared<Node>] = []
        let members = try section.members()
        guard members.count <= Self.mostNodes else {
            throw section.error("expected at most \(Self.mostNodes), got \(members.count)")
        }
        for member in members.sorted(by: { Topology.inNaturalOrder($0.key, $1.key) }) {
            try checkNodeName(member)
            nodes.append(Declared(node: try read(member.key, member.value), source: member.value))
        }
        return nodes
    }

    func host(_ name: String, _ value: DocumentNode) throws(InputError) -> Topology.Host {
        let fields = try value.mapping(of: ["ip", "ip6", "mac", "commands"])
        let ip = try fields.required("ip")
        guard let address = IPPrefix(try ip.string()), !address.address.isIPv6, address.length > 0 else {
            throw ip.error(expected: "an IPv4 address with a prefix length, such as 10.0.1.1/24")
        }
        let mac = try fields.required("mac")
        guard let link = MACAddress(try mac.string()), !link.isGroup else {
            throw mac.error(expected: "the MAC address of one interface, such as 08:00:00:00:01:11")
        }
        var commands: [String] = []
        for command in try fields["commands"]?.list() ?? [] { commands.append(try command.string()) }
        return Topology.Host(
            name: name, address: address, address6: try fields["ip6"].map(address6), mac: link, commands: commands)
    }

    private func address6(_ value: DocumentNode) throws(InputError) -> IPPrefix {
        guard let address = IPPrefix(try value.string()), address.address.isIPv6, address.length > 0 else {
            throw value.error(expected: "an IPv6 address with a prefix length, such as fd00:1::1/64")
        }
        return address
    }

    func switchNode(_ name: String, _ value: DocumentNode) throws(InputError) -> Topology.Switch {
        let fields = try value.mapping(of: ["runtime_json", "cli_input", "program", "cpu_port", "priority_queues"])
        if let program = fields["program"], try program.string().hasSuffix(".json") {
            throw program.error(expected: "P4 source (.p4), not another compiler's output")
        }
        return Topology.Switch(
            name: name, runtimeFile: try existingFile(fields["runtime_json"]),
            commandsFile: try existingFile(fields["cli_input"]), program: try existingFile(fields["program"]),
            cpuPort: try fields["cpu_port"]?.integer(in: 1...511, quoted: true),
            priorityQueues: try fields["priority_queues"]?.integer(in: 1...8, quoted: true))
    }

    func checkUnique(
        _ hosts: [Declared<Topology.Host>], _ switches: [Declared<Topology.Switch>]
    ) throws(InputError) {
        let names = Set(hosts.map(\.node.name))
        for node in switches where names.contains(node.node.name) {
            throw node.source.error("a node's name must be unique, got that of a host")
        }
        var owners: [String: String] = [:]
        for host in hosts {
            let addresses = [
                ("ip", "\(host.node.address.address)"), ("ip6", host.node.address6.map { "\($0.address)" }),
            ]
            for (key, address) in addresses {
                guard let address, let other = owners.updateValue(host.node.name, forKey: address) else { continue }
                let place = try host.source.mapping(of: ["ip", "ip6", "mac", "commands"])[key] ?? host.source
                throw place.error("addresses must be unique, got \(address), which \(other) has")
            }
        }
    }

    /// A `-` would end the node's name in a link; an interface's name has 15 bytes, and
    /// its port up to 7 of them.
    private func checkNodeName(_ member: DocumentNode.Member) throws(InputError) {
        let name = member.key.utf8
        let letters = name.allSatisfy { $0 < 128 && ($0 >= 48 && $0 <= 57 || $0 | 0x20 >= 97 && $0 | 0x20 <= 122) }
        guard letters, (1...8).contains(name.count), name.first.map({ $0 > 57 }) == true else {
            let message = "a node's name must be a letter and up to 7 letters or digits, got '\(member.key)'"
            throw InputError("\(member.value.path): \(message)", at: member.keyLocation)
        }
    }

    private func existingFile(_ value: DocumentNode?) throws(InputError) -> String? {
        guard let value else { return nil }
        let name = try value.string()
        let directory = file.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let beside = name.hasPrefix("/") || directory.isEmpty && !file.hasPrefix("/") ? name : "\(directory)/\(name)"
        for candidate in [beside, name] where FileManager.default.fileExists(atPath: candidate) { return candidate }
        throw value.error(expected: "a file beside the topology or in the current directory")
    }
}
