// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import Documents
internal import FoundationEssentials
internal import LinuxSystem

extension Topology {
    /// Reads a topology file.
    ///
    /// Files that it names are sought beside it, then in the current directory, and must exist.
    public init(contentsOf file: String) throws(LabError) {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw LabError(of: file, "cannot be read; give the path of a topology's .json file")
        }
        try self.init(Array(data), file: file)
    }

    init(_ bytes: [UInt8], file: String) throws(LabError) {
        let document: JSONValue
        do {
            document = try JSONValue(parsing: bytes)
        } catch {
            throw LabError(of: file, "is no JSON: \(error)")
        }
        let reader = TopologyReader(file: file)
        let top = try reader.object(document, at: "the whole")
        try reader.refuseUnknownKeys(of: top, at: "", known: ["hosts", "switches", "links"])
        var hosts: [Host] = []
        for (name, value) in try reader.members(of: top, "hosts") { hosts.append(try reader.host(name, value)) }
        var switches: [Switch] = []
        for (name, value) in try reader.members(of: top, "switches") {
            switches.append(try reader.aSwitch(name, value))
        }
        try reader.checkUnique(hosts, switches)
        name = try reader.labName()
        self.file = file
        self.hosts = hosts
        self.switches = switches
        links = try reader.links(top, hosts: Set(hosts.map(\.name)), switches: Set(switches.map(\.name)))
        guard !hosts.isEmpty || !switches.isEmpty else { throw LabError(of: file, "declares no host and no switch") }
    }
}

/// The steps of reading, each of which can name its place in the file.
struct TopologyReader {
    let file: String

    func error(_ path: String, _ reason: String) -> LabError { LabError("\(file): \(path)", reason) }

    /// The stem names namespaces and a directory.
    func labName() throws(LabError) -> String {
        let last = file.split(separator: "/").last ?? ""
        let stem = last.hasSuffix(".json") ? last.dropLast(5) : last
        let usable = stem.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "._-".utf8.contains(byte)
        }
        guard usable, !stem.isEmpty, !stem.hasPrefix("."), stem.utf8.count <= 100 else {
            throw LabError(
                file, "the file's name is the lab's: letters, digits, '-', '_' and '.', beginning with no '.'")
        }
        return String(stem)
    }

    // MARK: Nodes

    func host(_ name: String, _ value: JSONValue) throws(LabError) -> Topology.Host {
        let path = "hosts.\(name)"
        try checkNodeName(name, at: path)
        let fields = try object(value, at: path)
        try refuseUnknownKeys(of: fields, at: path, known: ["ip", "ip6", "mac", "commands"])
        let ip = try string(try require("ip", of: fields, at: path), at: "\(path).ip")
        guard let address = IPPrefix(ip), !address.address.isIPv6, address.length > 0 else {
            throw error("\(path).ip", "'\(ip)' is no IPv4 address with a prefix length, as 10.0.1.1/24")
        }
        let address6 = try fields["ip6"].map { value throws(LabError) in try self.address6(value, at: "\(path).ip6") }
        let mac = try string(try require("mac", of: fields, at: path), at: "\(path).mac")
        guard let link = MACAddress(mac), !link.isGroup else {
            throw error("\(path).mac", "'\(mac)' is no MAC address of one interface, as 08:00:00:00:01:11")
        }
        var commands: [String] = []
        if let list = fields["commands"] {
            for (index, command) in try array(list, at: "\(path).commands").enumerated() {
                commands.append(try string(command, at: "\(path).commands[\(index)]"))
            }
        }
        return Topology.Host(name: name, address: address, address6: address6, mac: link, commands: commands)
    }

    private func address6(_ value: JSONValue, at path: String) throws(LabError) -> IPPrefix {
        let text = try string(value, at: path)
        guard let address = IPPrefix(text), address.address.isIPv6, address.length > 0 else {
            throw error(path, "'\(text)' is no IPv6 address with a prefix length, as fd00:1::1/64")
        }
        return address
    }

    func aSwitch(_ name: String, _ value: JSONValue) throws(LabError) -> Topology.Switch {
        let path = "switches.\(name)"
        try checkNodeName(name, at: path)
        let fields = try object(value, at: path)
        try refuseUnknownKeys(
            of: fields, at: path, known: ["runtime_json", "cli_input", "program", "cpu_port", "priority_queues"])
        let program = try existingFile(fields["program"], at: "\(path).program")
        if let program, program.hasSuffix(".json") {
            throw error("\(path).program", "'\(program)' is what another compiler made; name the .p4 source")
        }
        return Topology.Switch(
            name: name, runtimeFile: try existingFile(fields["runtime_json"], at: "\(path).runtime_json"),
            commandsFile: try existingFile(fields["cli_input"], at: "\(path).cli_input"), program: program,
            cpuPort: try wholeNumber(fields["cpu_port"], in: 1...511, at: "\(path).cpu_port"),
            priorityQueues: try wholeNumber(fields["priority_queues"], in: 1...8, at: "\(path).priority_queues"))
    }

    func checkUnique(_ hosts: [Topology.Host], _ switches: [Topology.Switch]) throws(LabError) {
        let names = Set(hosts.map(\.name))
        for node in switches where names.contains(node.name) {
            throw error("switches.\(node.name)", "a host has this name too")
        }
        var addresses: [IPAddress: String] = [:]
        for host in hosts {
            if let other = addresses.updateValue(host.name, forKey: host.address.address) {
                throw error("hosts.\(host.name).ip", "\(host.address.address) is \(other)'s address too")
            }
        }
        var addresses6: [IPAddress: String] = [:]
        for host in hosts {
            guard let address = host.address6 else { continue }
            if let other = addresses6.updateValue(host.name, forKey: address.address) {
                throw error("hosts.\(host.name).ip6", "\(address.address) is \(other)'s address too")
            }
        }
    }

    /// A `-` would end the node's name in a link; interfaces have 15 bytes, of which a port takes up to 7.
    private func checkNodeName(_ name: String, at path: String) throws(LabError) {
        let letters = name.utf8.allSatisfy { $0 < 128 && ($0 >= 48 && $0 <= 57 || $0 | 0x20 >= 97 && $0 | 0x20 <= 122) }
        guard letters, (1...8).contains(name.utf8.count), name.utf8.first.map({ $0 > 57 }) == true else {
            throw error(path, "a node's name is a letter and up to 7 letters or digits, as h1 or s10")
        }
    }

    private func existingFile(_ value: JSONValue?, at path: String) throws(LabError) -> String? {
        guard let value else { return nil }
        let name = try string(value, at: path)
        let directory = file.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let beside = name.hasPrefix("/") || directory.isEmpty && !file.hasPrefix("/") ? name : "\(directory)/\(name)"
        for candidate in [beside, name] where FileManager.default.fileExists(atPath: candidate) { return candidate }
        throw error(path, "file '\(name)' is neither beside the topology nor in the current directory")
    }
}
