// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import Documents
internal import FoundationEssentials
public import LinuxSystem

/// What was brought up, as state.json in the lab's directory holds it for later commands.
public struct LabState: Codable, Equatable, Sendable {
    /// The lab's name.
    public let name: String
    /// The topology's absolute path.
    public let topology: String
    /// Hosts, then switches.
    public var nodes: [Node]
    /// The process that takes the lab down when it ends; nil: the lab stays until `lab down`.
    public var owner: ProcessIdentity?

    /// A host or switch and where it runs.
    public struct Node: Codable, Equatable, Sendable {
        /// The node's name in the topology.
        public let name: String
        /// Host or switch.
        public let kind: Kind
        /// The name of its network namespace, `LAB-NODE`.
        public let namespace: String
        /// A host's address, with its prefix length.
        public let address: String?
        /// A host's IPv6 address with its prefix length; nil without IPv6.
        public let address6: String?
        /// Its ends of the topology's links.
        public let interfaces: [Interface]
        /// A switch's process.
        public var process: ProcessIdentity?
        /// A switch's log file.
        public let log: String?
    }

    /// What a node is; the raw values are those of state.json.
    public enum Kind: String, Codable, Sendable {
        /// A host of the topology.
        case host
        case `switch`
    }

    /// One end of a link.
    public struct Interface: Codable, Equatable, Sendable {
        /// Its name in the node's namespace.
        public let name: String
        /// The other end as `node/interface`.
        public let peer: String
    }
}

extension LabState {
    /// The state of a topology whose switches do not run yet.
    init(_ topology: Topology, in lab: LabNetwork) throws {
        func interfaces(of node: String) -> [Interface] {
            topology.links.flatMap { [($0.first, $0.second), ($0.second, $0.first)] }
                .filter { $0.0.node == node }
                .sorted { Topology.inNaturalOrder($0.0.interface, $1.0.interface) }
                .map { Interface(name: $0.0.interface, peer: "\($0.1.node)/\($0.1.interface)") }
        }
        name = lab.name
        self.topology = Self.absolutePath(of: topology.file)
        nodes = try topology.hosts.map { host in
            Node(
                name: host.name, kind: .host, namespace: try lab.namespace(of: host.name).name,
                address: host.address.description, address6: host.address6?.description,
                interfaces: interfaces(of: host.name), process: nil, log: nil)
        }
        nodes += try topology.switches.map { node in
            Node(
                name: node.name, kind: .switch, namespace: try lab.namespace(of: node.name).name, address: nil,
                address6: nil, interfaces: interfaces(of: node.name), process: nil, log: lab.logFile(of: node.name))
        }
    }

    /// Without `.`, `..` and symbolic links, so that two names of one file are the same.
    static func absolutePath(of file: String) -> String { URL(filePath: file).resolvingSymlinksInPath().path }

    /// nil if the file is missing or cannot be read: what is up is then found by the namespaces' names.
    static func read(of lab: LabNetwork) -> LabState? {
        guard let data = FileManager.default.contents(atPath: lab.stateFile) else { return nil }
        return try? JSONDecoder().decode(LabState.self, from: data)
    }

    /// Replaces the file in one step, so that a reader never sees half of it.
    func write(of lab: LabNetwork) throws {
        do {
            try JSONText.document(self).write(to: URL(filePath: lab.stateFile), options: .atomic)
        } catch {
            throw LabError(of: lab.stateFile, "cannot be written: \(error)")
        }
    }
}
