// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import LinuxSystem

/// What exists of a lab now.
public struct LabStatus: Codable, Equatable, Sendable {
    /// The lab's name.
    public let name: String
    /// Hosts, then switches; empty if the lab is not up.
    public let nodes: [Node]

    /// A host or switch: what the state file says of it, and what exists.
    public struct Node: Codable, Equatable, Sendable {
        /// The node's name in the topology.
        public let name: String
        /// nil: the state file is missing, and only the namespace is known.
        public let kind: LabState.Kind?
        /// The name of its network namespace, `LAB-NODE`.
        public let namespace: String
        /// Whether the namespace exists.
        public let exists: Bool
        /// A host's IPv4 address with its prefix length; nil for switches.
        public let address: String?
        /// A host's IPv6 address with its prefix length; nil without IPv6.
        public let address6: String?
        /// A switch's process; nil for hosts.
        public let pid: Int32?
        /// Whether a switch's process runs; nil for hosts and switches that were not started.
        public let running: Bool?
        /// All interfaces but `lo`, in natural order; empty if the namespace does not exist.
        public let interfaces: [Interface]
    }

    /// One interface as the kernel reports it.
    public struct Interface: Codable, Equatable, Sendable {
        /// Its name in the node's namespace, such as `eth0` or `s1-eth2`.
        public let name: String
        /// The hardware address; nil where it has none.
        public let mac: String?
        /// In bytes, without the Ethernet header.
        public let mtu: Int
        /// Whether it is set up (IFF_UP); the link may be down.
        public let up: Bool
        /// The other end as `node/interface`, if the lab's state names it.
        public let peer: String?
    }

    /// All namespaces exist and all started switches run.
    public var isComplete: Bool { !nodes.isEmpty && nodes.allSatisfy { $0.exists && $0.running != false } }
}

extension LabNetwork {
    /// Reads what exists of the lab.
    public func status() throws -> LabStatus {
        let state = LabState.read(of: self)
        let found = nodesFound()
        var nodes: [LabStatus.Node] = []
        for node in state?.nodes ?? [] {
            nodes.append(try status(of: node, exists: found.contains { $0.namespace.name == node.namespace }))
        }
        for (name, namespace) in found where !nodes.contains(where: { $0.name == name }) {
            nodes.append(
                LabStatus.Node(
                    name: name, kind: nil, namespace: namespace.name, exists: true, address: nil, address6: nil,
                    pid: nil, running: nil, interfaces: try interfaces(of: namespace, known: [])))
        }
        return LabStatus(name: name, nodes: nodes)
    }

    private func status(of node: LabState.Node, exists: Bool) throws -> LabStatus.Node {
        let namespace = try NetworkNamespace(named: node.namespace)
        return LabStatus.Node(
            name: node.name, kind: node.kind, namespace: node.namespace, exists: exists, address: node.address,
            address6: node.address6, pid: node.process?.id, running: node.process?.isRunning,
            interfaces: exists ? try interfaces(of: namespace, known: node.interfaces) : [])
    }

    private func interfaces(of namespace: NetworkNamespace, known: [LabState.Interface]) throws
        -> [LabStatus.Interface]
    {
        var session = try RouteSession(in: namespace)
        return try session.links().filter { $0.name != "lo" }
            .sorted { Topology.inNaturalOrder($0.name, $1.name) }
            .map { link in
                LabStatus.Interface(
                    name: link.name, mac: link.address?.description, mtu: link.mtu, up: link.isUp,
                    peer: known.first { $0.name == link.name }?.peer)
            }
    }
}

extension LabStatus: CustomStringConvertible {
    /// One line per node, and below it one per interface.
    public var description: String {
        guard !nodes.isEmpty else { return "lab '\(name)' is not up" }
        var lines = ["lab '\(name)'"]
        for node in nodes {
            var line = "\(node.name)  \(node.exists ? node.namespace : "namespace \(node.namespace) is gone")"
            for address in [node.address, node.address6] { if let address { line += "  \(address)" } }
            if let pid = node.pid { line += "  pid \(pid) \(node.running == true ? "running" : "dead")" }
            lines.append(line)
            for interface in node.interfaces {
                let peer = interface.peer.map { " -> \($0)" } ?? ""
                let state = interface.up ? "up" : "down"
                lines.append("    \(interface.name)\(peer)  \(interface.mac ?? "-")  mtu \(interface.mtu)  \(state)")
            }
        }
        return lines.joined(separator: "\n")
    }
}
