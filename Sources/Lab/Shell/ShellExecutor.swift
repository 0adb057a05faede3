// SPDX-License-Identifier: Apache-2.0

internal import LinuxSystem

/// What the shell has done for it; tests record instead.
protocol ShellExecutor: AnyObject {
    /// Runs a command for `sh` in a node (nil: outside of all) and waits for its end.
    func run(_ command: String, in node: String?) throws -> ProcessOutcome
    /// Starts one that goes on while the shell reads further lines.
    func start(_ command: String, in node: String) throws
    /// Whether one ping from a node is answered.
    func pings(_ address: String, from node: String) throws -> Bool
    /// Ends what `start` began.
    func endBackground()
}

/// Runs commands in the namespaces of a lab.
final class NamespaceExecutor: ShellExecutor {
    private let lab: LabNetwork
    /// Commands get the terminal if that is where the lines come from; else the lines would be theirs to read.
    private let input: SpawnRequest.Stream
    private let interruption: Int32?
    private var background: [ChildProcess] = []

    /// - Parameter interruption: a descriptor that is readable once what runs is to end; nil: the terminal ends it.
    init(_ lab: LabNetwork, interactive: Bool, interruption: Int32?) {
        self.lab = lab
        self.interruption = interruption
        input = interactive ? .inherit : .discard
    }

    func run(_ command: String, in node: String?) throws -> ProcessOutcome {
        let request = try request(command, node)
        if let interruption { return try LabNetwork.run(request, until: interruption) }
        return try LabNetwork.runAtTerminal(request, input: input)
    }

    func start(_ command: String, in node: String) throws {
        // Reaps those that have ended.
        try background.removeAll { try $0.wait(milliseconds: 0) != nil }
        background.append(try ChildProcess.spawn(request(command, node)))
    }

    func pings(_ address: String, from node: String) throws -> Bool {
        var request = SpawnRequest(["ping", "-c", "1", "-W", "1", address], in: try lab.namespaceInUse(of: node))
        request.output = .discard
        request.errors = .discard
        return try ChildProcess.spawn(request).wait()?.isSuccess == true
    }

    func endBackground() {
        for child in background { child.send(.terminate, toGroup: true) }
        for child in background { _ = try? child.end(within: 1000) }
        background = []
    }

    private func request(_ command: String, _ node: String?) throws -> SpawnRequest {
        SpawnRequest(["sh", "-c", command], in: try node.map { try lab.namespaceInUse(of: $0) })
    }
}
