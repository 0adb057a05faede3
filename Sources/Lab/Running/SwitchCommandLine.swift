// SPDX-License-Identifier: Apache-2.0

extension LabOptions {
    /// The command that starts one switch of a topology.
    ///
    /// A link's delay and bandwidth are worked by the ports that send into it. A host's end has no such port, so the
    /// switch does the host's direction as well, to what it receives.
    /// - Parameters:
    ///   - moreCommands: a file of `commands`.
    ///   - control: the switch's control socket.
    func command(
        for node: Topology.Switch, in topology: Topology, moreCommands: String? = nil, control: String? = nil
    ) -> [String] {
        var command = executable + ["switch", node.program ?? program]
        for definition in allDefinitions { command += ["-D", definition] }
        for port in topology.ports(of: node.name) {
            let number = port.number
            command += ["--port", "\(number)=\(Topology.Switch.interface(of: node.name, port: number))"]
            if case .host = port.peer {
                command += Self.flags(for: number, port.quality, prefix: "--ingress-")
            }
            command += Self.flags(for: number, port.quality, prefix: "--")
        }
        if let file = node.runtimeFile { command += ["--runtime", file] }
        if let file = node.commandsFile { command += ["--commands", file] }
        if let moreCommands { command += ["--commands", moreCommands] }
        if let control { command += ["--control", control] }
        if let count = node.priorityQueues { command += ["--priority-queues", "\(count)"] }
        return command + switchArguments
    }

    private static func flags(for port: Int, _ quality: LinkQuality, prefix: String) -> [String] {
        var flags: [String] = []
        if quality.delayMicroseconds > 0 { flags += ["\(prefix)delay", "\(port)=\(quality.delayMicroseconds)us"] }
        if let bandwidth = quality.bandwidthMegabits {
            let integer = Int(exactly: bandwidth)
            flags += ["\(prefix)bandwidth", "\(port)=\(integer.map(String.init) ?? String(bandwidth))"]
        }
        return flags
    }
}
