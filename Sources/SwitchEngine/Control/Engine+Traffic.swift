// SPDX-License-Identifier: Apache-2.0

/// Queues, links, mirror sessions and multicast groups.
extension Engine {
    // MARK: Queues and links

    /// Sets how many packets queues hold: one, all of a port, or, with neither named, all there are.
    public mutating func setQueueDepth(_ depth: Int, port: Int? = nil, priority: Int? = nil) throws(EngineError) {
        try checkQueue(port, priority)
        guard depth >= 0 else { throw EngineError(.invalidQueue, "queue depth", "\(depth) is negative") }
        queues.setDepth(depth, port: port, priority: priority)
    }

    /// Sets how many packets per second leave queues; 0 for no limit. Packets enqueued from now on keep to it.
    public mutating func setQueueRate(_ rate: Int, port: Int? = nil, priority: Int? = nil) throws(EngineError) {
        try checkQueue(port, priority)
        guard rate >= 0 else { throw EngineError(.invalidQueue, "queue rate", "\(rate) is negative") }
        queues.setRate(UInt64(rate), port: port, priority: priority)
    }

    /// Sets the rate of a port's link in bits per second: a frame leaves its queue when the one before is sent. 0: no limit.
    public mutating func setLinkBandwidth(_ bitsPerSecond: Double, port: Int) throws(EngineError) {
        try checkQueue(port, nil)
        guard bitsPerSecond >= 0, bitsPerSecond.isFinite else {
            throw EngineError(.invalidQueue, "bandwidth of port \(port)", "\(bitsPerSecond) is not a rate")
        }
        queues.setBandwidth(bitsPerSecond, port: port)
    }

    private func checkQueue(_ port: Int?, _ priority: Int?) throws(EngineError) {
        if let port, !(0..<Self.dropPort).contains(port) {
            throw EngineError(.invalidPort, "port \(port)", "ports are numbered 0 to \(Self.dropPort - 1)")
        }
        if let priority, !(0..<queues.priorities).contains(priority) {
            throw EngineError(.invalidQueue, "priority \(priority)", "ports have \(queues.priorities) priority queues")
        }
    }

    // MARK: Mirror sessions

    /// The highest number of a mirror session: v1model keeps 15 bits of it.
    public static let lastSession = 0x7FFF

    /// Makes a session, or gives it another content.
    public mutating func setCloneSession(_ id: Int, _ session: CloneSession) throws(EngineError) {
        guard (0...Self.lastSession).contains(id) else {
            throw EngineError(.invalidSession, "mirror session \(id)", "sessions are numbered 0 to \(Self.lastSession)")
        }
        for replica in session.replicas { try checkQueue(replica.port, nil) }
        sessions[id] = session
        let group = session.group.map { (1...0xFFFF).contains($0) ? $0 : 0 }
        sessionCopies.set(
            id, to: session.replicas, truncateTo: UInt32(clamping: session.truncateTo ?? Int(UInt32.max)),
            group: group ?? 0)
    }

    /// Deletes a mirror session.
    /// - Throws: `EngineError` if no session has this number.
    public mutating func deleteCloneSession(_ id: Int) throws(EngineError) {
        guard sessions.removeValue(forKey: id) != nil else {
            throw EngineError(.invalidSession, "mirror session \(id)", "there is no such session")
        }
        sessionCopies.remove(id)
    }

    /// A mirror session; nil if no session has this number.
    public func cloneSession(_ id: Int) -> CloneSession? { sessions[id] }

    // MARK: Multicast

    /// Makes an empty group.
    /// - Throws: `EngineError` if it exists, or the number is not 1 to 65535.
    public mutating func createMulticastGroup(_ group: Int) throws(EngineError) { try multicast.createGroup(group) }

    /// Deletes a group; its nodes stay, without a group.
    public mutating func destroyMulticastGroup(_ group: Int) throws(EngineError) { try multicast.destroyGroup(group) }

    /// Makes a node, which sends a copy with this `egress_rid` to each port, and gives its handle.
    public mutating func createMulticastNode(rid: Int, ports: [Int]) throws(EngineError) -> Int {
        try multicast.createNode(rid: rid, ports: ports)
    }

    /// Gives a node other ports.
    public mutating func updateMulticastNode(_ node: Int, ports: [Int]) throws(EngineError) {
        try multicast.updateNode(node, ports: ports)
    }

    /// Deletes a node, also from its group.
    public mutating func destroyMulticastNode(_ node: Int) throws(EngineError) { try multicast.destroyNode(node) }

    /// Adds a node, by its handle, to a group.
    /// - Throws: `EngineError` if either does not exist, or the node belongs to a group.
    public mutating func associate(node: Int, withGroup group: Int) throws(EngineError) {
        try multicast.associate(group, node)
    }

    /// Removes a node, by its handle, from a group.
    public mutating func dissociate(node: Int, fromGroup group: Int) throws(EngineError) {
        try multicast.dissociate(group, node)
    }

    /// The copies a group makes, in order; nil if there is no such group.
    public func replicas(ofGroup group: Int) -> [Replica]? { multicast.replicas(of: group) }

    /// The numbers of all groups, ascending.
    public var multicastGroups: [Int] { multicast.groups.keys.sorted() }
}
