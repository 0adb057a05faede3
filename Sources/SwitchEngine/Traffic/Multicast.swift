// SPDX-License-Identifier: Apache-2.0

/// One copy that a multicast group or clone session makes.
public struct Replica: Sendable, Hashable, BitwiseCopyable {
    /// The port that it leaves by, 0 to 510.
    public var port: Int
    /// What the copy's `egress_rid` is set to.
    public var rid: Int

    /// A copy to a port.
    public init(port: Int, rid: Int = 0) {
        self.port = port
        self.rid = rid
    }
}

/// What a mirror session's clones become: copies to ports, to a multicast group, or both.
public struct CloneSession: Sendable, Hashable {
    /// Copies to ports of the session's own.
    public var replicas: [Replica]
    /// A multicast group whose copies come first; nil for none.
    public var group: Int?
    /// The most bytes of a clone that leave; nil for all.
    public var truncateTo: Int?

    /// A session; without replicas and group its clones are dropped.
    public init(replicas: [Replica] = [], group: Int? = nil, truncateTo: Int? = nil) {
        self.replicas = replicas
        self.group = group
        self.truncateTo = truncateTo
    }
}

/// Multicast groups: lists of nodes, each an id and the ports its copies go to.
struct Multicast: ~Copyable, Sendable {
    struct Node: Sendable {
        var rid: Int
        var ports: [Int]
        var group: Int?
    }

    private(set) var nodes: [Node?] = []
    private(set) var groups: [Int: [Int]] = [:]
    /// Every group's copies in order: its nodes as they were associated, a node's ports ascending.
    private(set) var copies = ReplicaTable()

    mutating func createGroup(_ group: Int) throws(EngineError) {
        guard (1...0xFFFF).contains(group) else {
            throw EngineError(.invalidGroup, "multicast group \(group)", "groups are numbered 1 to 65535")
        }
        guard groups[group] == nil else {
            throw EngineError(.invalidGroup, "multicast group \(group)", "it exists already")
        }
        groups[group] = []
        copies.set(group, to: [])
    }

    mutating func destroyGroup(_ group: Int) throws(EngineError) {
        guard let members = groups.removeValue(forKey: group) else { throw Self.unknownGroup(group) }
        for member in members { nodes[member]?.group = nil }
        copies.remove(group)
    }

    /// Gives the node's handle: 0, 1, 2 … in order.
    mutating func createNode(rid: Int, ports: [Int]) throws(EngineError) -> Int {
        guard (0...0xFFFF).contains(rid) else {
            throw EngineError(.invalidNode, "multicast node", "id \(rid) is not 0 to 65535")
        }
        let ports = try Self.checked(ports)
        let handle = nodes.firstIndex { $0 == nil } ?? nodes.count
        if handle == nodes.count { nodes.append(nil) }
        nodes[handle] = Node(rid: rid, ports: ports)
        return handle
    }

    mutating func updateNode(_ handle: Int, ports: [Int]) throws(EngineError) {
        let node = try node(handle)
        nodes[handle]?.ports = try Self.checked(ports)
        if let group = node.group { flatten(group) }
    }

    mutating func destroyNode(_ handle: Int) throws(EngineError) {
        let node = try node(handle)
        if let group = node.group {
            groups[group]?.removeAll { $0 == handle }
            flatten(group)
        }
        nodes[handle] = nil
    }

    mutating func associate(_ group: Int, _ handle: Int) throws(EngineError) {
        guard groups[group] != nil else { throw Self.unknownGroup(group) }
        guard try node(handle).group == nil else {
            throw EngineError(.nodeInUse, "multicast node \(handle)", "it belongs to a group already")
        }
        nodes[handle]?.group = group
        groups[group]?.append(handle)
        flatten(group)
    }

    mutating func dissociate(_ group: Int, _ handle: Int) throws(EngineError) {
        guard groups[group] != nil else { throw Self.unknownGroup(group) }
        guard try node(handle).group == group else {
            throw EngineError(.invalidNode, "multicast node \(handle)", "it does not belong to group \(group)")
        }
        nodes[handle]?.group = nil
        groups[group]?.removeAll { $0 == handle }
        flatten(group)
    }

    private func node(_ handle: Int) throws(EngineError) -> Node {
        guard nodes.indices.contains(handle), let node = nodes[handle] else {
            throw EngineError(.invalidNode, "multicast node \(handle)", "there is no such node")
        }
        return node
    }

    private mutating func flatten(_ group: Int) {
        copies.set(group, to: replicas(of: group) ?? [])
    }

    /// The copies that a group makes, in order; nil if there is no such group.
    func replicas(of group: Int) -> [Replica]? {
        groups[group]?.flatMap { handle -> [Replica] in
            guard let node = nodes[handle] else { return [] }
            return node.ports.map { Replica(port: $0, rid: node.rid) }
        }
    }

    private static func checked(_ ports: [Int]) throws(EngineError) -> [Int] {
        for port in ports where !(0..<EgressQueues.portCount).contains(port) {
            throw EngineError(.invalidPort, "port \(port)", "ports are numbered 0 to \(EgressQueues.portCount - 1)")
        }
        return Set(ports).sorted()
    }

    private static func unknownGroup(_ group: Int) -> EngineError {
        EngineError(.invalidGroup, "multicast group \(group)", "there is no such group")
    }
}
