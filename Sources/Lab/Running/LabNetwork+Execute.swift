// SPDX-License-Identifier: Apache-2.0

public import LinuxSystem

extension LabNetwork {
    /// The namespace of a node that is up.
    public func namespaceInUse(of node: String) throws -> NetworkNamespace {
        let found = nodesFound()
        if let match = found.first(where: { $0.node == node }) { return match.namespace }
        guard !found.isEmpty else { throw LabError(of: "lab '\(name)'", "is not up; bring it up with 'lab up'") }
        let names = found.map(\.node).sorted(by: Topology.inNaturalOrder).joined(separator: ", ")
        throw LabError(of: "lab '\(name)'", "has no node '\(node)'; there are \(names)")
    }

    /// Runs a command in a node with the caller's terminal and waits for it. Keys that interrupt reach the command,
    /// not us.
    public func execute(_ command: [String], in node: String) throws -> ProcessOutcome {
        try LabNetwork.runAtTerminal(SpawnRequest(command, in: try namespaceInUse(of: node)), input: .inherit)
    }

    static func runAtTerminal(_ request: SpawnRequest, input: SpawnRequest.Stream) throws -> ProcessOutcome {
        var request = request
        request.input = input
        request.group = .inherited
        // This thread waits for the command: it ends only if we are killed, and the command must not go on alone.
        request.deathSignal = .terminate
        let outcome = try Signal.ignoring([.interrupt, .quit]) { try ChildProcess.spawn(request).wait() }
        guard let outcome else {
            throw LabError(
                of: "command '\(request.arguments[0])'", "has an unknown outcome: the process was reaped elsewhere")
        }
        return outcome
    }

    /// Runs a command that no terminal reaches, and ends it when `interruption` becomes readable: as Ctrl-C would, and
    /// after two seconds by force.
    static func run(_ request: SpawnRequest, until interruption: Int32) throws -> ProcessOutcome {
        var request = request
        request.input = .discard
        request.group = .own
        let child = try ChildProcess.spawn(request)
        while true {
            if let outcome = try child.wait(milliseconds: 100) { return outcome }
            guard Readiness.isReadable(interruption) else { continue }
            child.send(.interrupt, toGroup: true)
            if let outcome = try child.wait(milliseconds: 2000) { return outcome }
            if let outcome = try child.end() { return outcome }
        }
    }
}
