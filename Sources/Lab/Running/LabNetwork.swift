// SPDX-License-Identifier: Apache-2.0

public import LinuxSystem

/// The namespaces and files of a lab, by its name, whether or not it is up.
///
/// Each node has a network namespace `<lab>-<node>`; node names hold no `-`, so two labs never share a
/// namespace, even if one's name begins with the other's.
public struct LabNetwork: Hashable, Sendable {
    /// The topology file's name without `.json`.
    public let name: String
    /// The topology's file, where it was named; nil: the lab is named without one.
    let topologyFile: String?
    /// Holds state.json, and each switch's log and control socket.
    public let directory: String

    /// The directory of all labs' directories.
    public static let root = "/run/p4netintel/lab"

    /// The lab of this name; nothing is created.
    public init(named name: String, root: String = LabNetwork.root) {
        self.init(named: name, topologyFile: nil, root: root)
    }

    private init(named name: String, topologyFile: String?, root: String) {
        self.name = name
        self.topologyFile = topologyFile
        directory = "\(root)/\(name)"
    }

    /// The lab of a topology; nothing is created.
    public init(_ topology: Topology, root: String = LabNetwork.root) {
        self.init(named: topology.name, topologyFile: topology.file, root: root)
    }

    /// The lab that a user names: by its topology file's path, or by the name alone.
    public init(nameOrFile text: String, root: String = LabNetwork.root) {
        let last = text.split(separator: "/").last.map(String.init) ?? text
        let isFile = last.hasSuffix(".json")
        self.init(named: isFile ? String(last.dropLast(5)) : last, topologyFile: isFile ? text : nil, root: root)
    }

    var stateFile: String { "\(directory)/state.json" }

    /// The standard output and errors of a switch's process.
    public func logFile(of node: String) -> String { "\(directory)/\(node).log" }

    /// The control socket of a switch that is up.
    public func controlSocket(of node: String) -> String { "\(directory)/\(node).control" }

    /// The namespace of a node, which may not exist.
    public func namespace(of node: String) throws -> NetworkNamespace {
        try NetworkNamespace(named: "\(name)-\(node)")
    }

    /// Nodes that have a namespace, in the state file or not.
    func nodesFound() -> [(node: String, namespace: NetworkNamespace)] {
        let prefix = "\(name)-"
        return NetworkNamespace.all().compactMap { namespace in
            guard namespace.name.hasPrefix(prefix) else { return nil }
            let node = String(namespace.name.dropFirst(prefix.count))
            return node.isEmpty || node.contains("-") ? nil : (node, namespace)
        }
    }

    /// The control socket that a path or `LAB/NODE` names: a file if there is one, else a switch of a lab.
    public static func controlSocket(named target: String) -> String {
        let parts = target.split(separator: "/", omittingEmptySubsequences: false)
        guard !FileSystem.exists(target), parts.count == 2, !parts[0].isEmpty else {
            return target
        }
        return LabNetwork(named: String(parts[0])).controlSocket(of: String(parts[1]))
    }
}
