// SPDX-License-Identifier: Apache-2.0

public import LinuxSystem

/// A lab by name, whether or not it is up: where its namespaces and files are.
///
/// Each node has a network namespace `<lab>-<node>`; node names hold no `-`, so no lab's namespaces can be taken for
/// those of another whose name begins alike.
public struct LabNetwork: Hashable, Sendable {
    public let name: String
    /// What runs, and each switch's log.
    public let directory: String

    public static let root = "/run/p4netintel/lab"

    public init(named name: String, root: String = LabNetwork.root) {
        self.name = name
        directory = "\(root)/\(name)"
    }

    public init(_ topology: Topology, root: String = LabNetwork.root) {
        self.init(named: topology.name, root: root)
    }

    /// From what a user types: a topology file's path, or the name alone.
    public init(nameOrFile text: String, root: String = LabNetwork.root) {
        let last = text.split(separator: "/").last.map(String.init) ?? text
        self.init(named: last.hasSuffix(".json") ? String(last.dropLast(5)) : last, root: root)
    }

    var stateFile: String { "\(directory)/state.json" }

    public func logFile(of node: String) -> String { "\(directory)/\(node).log" }

    /// Where the control plane of a switch that is up can be reached.
    public func controlSocket(of node: String) -> String { "\(directory)/\(node).control" }

    /// The namespace of a node, which may not exist.
    public func namespace(of node: String) throws -> NetworkNamespace {
        try NetworkNamespace(named: "\(name)-\(node)")
    }

    /// Nodes that have a namespace, whatever the state file says.
    func nodesFound() -> [(node: String, namespace: NetworkNamespace)] {
        let prefix = "\(name)-"
        return NetworkNamespace.all().compactMap { namespace in
            guard namespace.name.hasPrefix(prefix) else { return nil }
            let node = String(namespace.name.dropFirst(prefix.count))
            return node.isEmpty || node.contains("-") ? nil : (node, namespace)
        }
    }
}
