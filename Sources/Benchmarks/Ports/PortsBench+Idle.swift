// SPDX-License-Identifier: Apache-2.0

internal import LinuxSystem

extension PortsBench {
    /// How many switches without traffic are measured together.
    public static let idleSwitches = 10

    struct Idle {
        /// Of all the switches, as a share of one processor.
        let percent: Double
        /// Of the largest, with two ports.
        let megabytes: Double
    }

    /// Ten switches at once that have nothing to do.
    func idle(_ progress: (String) -> Void) throws -> Idle {
        progress("\(Self.idleSwitches) idle switches")
        let switches = try (0..<Self.idleSwitches).map { try startSwitch(try network.makeLane("idle\($0)")) }
        for process in switches { try process.waitUntilReady() }
        Pause.microseconds(500_000)
        try checkInterruption()
        let before = try switches.map { try $0.processorTime() }.reduce(0, +)
        let start = DomainClock.monotonicNanoseconds()
        Pause.microseconds(2_000_000)
        let used = try switches.map { try $0.processorTime() }.reduce(0, +) - before
        let elapsed = DomainClock.monotonicNanoseconds() - start
        let memory = try switches.map { try $0.memory() }.max() ?? 0
        return Idle(
            percent: (Double(used) / Double(elapsed) * 100).rounded(to: 0.001),
            megabytes: (Double(memory) / 1e6).rounded(to: 0.1))
    }
}
