// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import LinuxSystem

extension LabNetwork {
    /// Ends the lab's switches and whatever else runs in its namespaces, and deletes the namespaces with all their
    /// interfaces. Works without a state file, too, and when whoever brought it up was killed.
    /// - Returns: how many nodes there were; 0: the lab was not up.
    @discardableResult
    public func down() throws -> Int {
        guard FileManager.default.fileExists(atPath: directory) else { return try takeDown() }
        return try exclusively {
            try refuseIfOwnedByAnother()
            try refuseIfOfAnotherTopology()
            return try takeDown()
        }
    }

    /// A lab whose owner runs is that owner's; and one that will go with its owner must not take the place of one that
    /// somebody brought up to stay.
    func refuseIfInUse(by owner: ProcessIdentity?) throws {
        try refuseIfOwnedByAnother()
        guard owner != nil, let state = LabState.read(of: self), state.owner == nil else { return }
        guard state.nodes.contains(where: { $0.process?.isRunning == true }) else { return }
        throw LabError(of: "lab '\(name)'", "is up; take it down first: p4netintel lab down \(name)")
    }

    /// Files of the same name in two folders name the same lab: the one must not take down the other's, unless that is
    /// what a process that has ended left behind.
    func refuseIfOfAnotherTopology() throws {
        guard let topologyFile, let state = LabState.read(of: self), state.owner == nil, !nodesFound().isEmpty else {
            return
        }
        guard state.topology != LabState.absolutePath(of: topologyFile) else { return }
        throw LabError(
            of: "lab '\(name)'",
            "is up from another file, \(state.topology); take that down first, by its name: p4netintel lab down \(name)"
        )
    }

    private func refuseIfOwnedByAnother() throws {
        guard let owner = LabState.read(of: self)?.owner, owner.isRunning, owner != ProcessIdentity.current else {
            return
        }
        throw LabError(of: "lab '\(name)'", "belongs to process \(owner.id), which still runs; end that first")
    }

    /// Every lab that has a directory, up or not.
    public static func all(root: String = LabNetwork.root) -> [LabNetwork] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return names.sorted().map { LabNetwork(named: $0, root: root) }
    }

    /// - Parameter keepingLogs: leaves the switches' logs, which say why bringing up failed.
    func takeDown(keepingLogs: Bool = false) throws -> Int {
        let found = nodesFound()
        var processes = (LabState.read(of: self)?.nodes ?? []).compactMap(\.process)
        for (_, namespace) in found { processes += namespace.processes() }
        try Self.end(processes)
        for (_, namespace) in found { try namespace.delete() }
        if keepingLogs {
            try? FileSystem.remove(stateFile)
        } else if FileManager.default.fileExists(atPath: directory) {
            for entry in (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [] where entry != "lock" {
                try? FileManager.default.removeItem(atPath: "\(directory)/\(entry)")
            }
        }
        return found.count
    }

    /// Asks all at once to end, then waits for each: two seconds in all, not each.
    private static func end(_ processes: [ProcessIdentity]) throws {
        for process in processes { try process.send(.terminate) }
        let deadline = DomainClock.monotonicNanoseconds() + 2_000_000_000
        for process in processes {
            let now = DomainClock.monotonicNanoseconds()
            try process.end(within: now < deadline ? Int32((deadline - now) / 1_000_000) : 0)
        }
    }

    /// Held while the lab is brought up or down; the kernel frees it when its holder ends, however it ends.
    func exclusively<Result>(_ body: () throws -> Result) throws -> Result {
        let lock = try Descriptor.open("\(directory)/lock", for: .lockFile)
        guard lock.lockIfFree() else {
            throw LabError(
                of: "lab '\(name)'", "is being brought up or down by another process; try again when it is done")
        }
        // Not left to closing: a program being started by another thread may share the descriptor for a moment.
        defer { lock.unlock() }
        return try body()
    }
}
