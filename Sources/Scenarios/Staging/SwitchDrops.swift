// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Lab
internal import LinuxSystem
internal import SwitchRuntime

extension DropTally {
    /// How long a switch may take to answer, in milliseconds.
    private static let answerTimeout: UInt64 = 2000

    /// Asks every switch of the lab for its statistics (SIGUSR1, answered by a JSON line in its log) and adds its
    /// drops.
    /// - Returns: the most probes that a switch has sent to each of its hosts.
    mutating func addSwitches(of state: LabState) throws -> UInt64 {
        var probes: UInt64 = 0
        for node in state.nodes where node.kind == .switch {
            guard let process = node.process, let log = node.log else { continue }
            let before = Self.statistics(in: log).count
            guard try process.send(.user1) else {
                add("switch.ended", 1)
                continue
            }
            let deadline = DomainClock.monotonicNanoseconds() + Self.answerTimeout * 1_000_000
            var answers = Self.statistics(in: log)
            while answers.count == before, DomainClock.monotonicNanoseconds() < deadline {
                _ = try process.waitForEnd(milliseconds: 5)
                answers = Self.statistics(in: log)
            }
            guard let last = answers.last else { continue }
            for (reason, count) in last.dropped { add("switch.\(reason)", count) }
            // The packet generator's port, whose every frame becomes a probe, is the one without an interface.
            for port in last.ports where port.interface == nil { probes = max(probes, port.receivedPackets) }
        }
        return probes
    }

    private static func statistics(in log: String) -> [SwitchStatistics] {
        let text = FileManager.default.contents(atPath: log) ?? Data()
        return text.split(separator: UInt8(ascii: "\n")).compactMap {
            try? JSONDecoder().decode(SwitchStatistics.self, from: Data($0))
        }
    }
}
